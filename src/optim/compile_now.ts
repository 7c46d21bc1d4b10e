// A chain compiled at once, with the rules that a training would load when it needs them.
import { adamEpsRootRule } from "./adam_eps_root.ts";
import { amsgradRule } from "./amsgrad.ts";
import { type Optimizer, sampleFunctions } from "./chain.ts";
import { clipByGlobalNormRule } from "./clip_by_global_norm.ts";
import { type CompiledChain, compileChain } from "./compile.ts";
import { rules } from "./rule.ts";

/** What an optimizer's chain is, for figures about it; functions of the step count at the first one only. */
export function compileNow(optimizer: Optimizer): CompiledChain {
  // Named here, so that no bundler leaves their modules out.
  for (const rule of [adamEpsRootRule, amsgradRule, clipByGlobalNormRule]) rules.set(rule.name, rule);
  return compileChain(sampleFunctions(optimizer, 1));
}
