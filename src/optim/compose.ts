// What optimizers of one rule share: clipping first, weight decay before the rule or after it, the step last.
import { checkKeys } from "../core/check.ts";
import { chain, type Link, type Optimizer } from "./chain.ts";
import { clipByGlobalNorm, descend, type Hyper, weightDecay } from "./presets.ts";

/** Options every optimizer takes beside those of its rule. */
export interface Common {
  /** The step size. */
  readonly lr?: Hyper;
  /** Weight decay; 0 is none. */
  readonly weightDecay?: Hyper;
  /**
   * true: decay beside the rule's direction, p -= lr weightDecay p, as AdamW has it. false: added to the gradient (L2).
   */
  readonly decoupled?: boolean;
  /** Clips the gradients' global norm first. */
  readonly clip?: number;
}

interface Frame {
  readonly lr: Hyper;
  readonly weightDecay: Hyper;
  readonly decoupled: boolean;
  readonly clip?: number | undefined;
}

/** clip > coupled decay > rules > decoupled decay > descend(lr); what is 0 or not given is left out. */
export function compose(rules: readonly Link[], { lr, weightDecay: decay, decoupled, clip }: Frame): Optimizer {
  const decays = decay === 0 ? [] : [weightDecay(decay)];
  return chain(
    ...(clip === undefined ? [] : [clipByGlobalNorm(clip)]),
    ...(decoupled ? [] : decays),
    ...rules,
    ...(decoupled ? decays : []),
    descend(lr),
  );
}

interface Preset<Options> {
  readonly lr: number;
  readonly weightDecay?: number;
  readonly decoupled?: boolean;
  /** Names of the rule's own options. */
  readonly keys: readonly string[];
  readonly direction: (options: Options) => Link | readonly Link[];
}

const COMMON = ["lr", "weightDecay", "decoupled", "clip"];

/** Makes an optimizer of a direction; a misspelt option is an error that names the optimizer. */
export function preset<Options extends object>(
  name: string,
  { keys, direction, ...defaults }: Preset<Options>,
): (options?: Options & Common) => Optimizer {
  return (options) => {
    const given: Common = options ?? {};
    checkKeys(name, given, [...COMMON, ...keys]);
    const { lr, weightDecay: decay, decoupled, clip, ...own } = given;
    const links = [direction(own as Options)].flat();
    return compose(links, {
      lr: lr ?? defaults.lr,
      weightDecay: decay ?? defaults.weightDecay ?? 0,
      decoupled: decoupled ?? defaults.decoupled ?? false,
      clip,
    });
  };
}
