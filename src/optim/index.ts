// The family of optimizers: rules, chains, presets, schedules.
export { chain, compileChain, type Link, link, type Optimizer } from "./chain.ts";
export { adam, adamw, clipByGlobalNorm, descend, type Hyper, momentum, scaleByAdam, sgd, weightDecay } from "./presets.ts";
export { defineRule, type Rule, rules } from "./rule.ts";
export { constantSchedule, cosine, defineSchedule, type Schedule, sampled, valueAt } from "./schedule.ts";
