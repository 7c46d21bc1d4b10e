// Every optimizer that is more than a chain of elementwise rules: one of each kind, for tests in Node and on the GPU alike.
import * as o from "../../src/optim/index.ts";

const lr = 0.02;

export const wrapped: Readonly<Record<string, o.Optimizer>> = {
  lars: o.lars({ lr: 1, trust: 0.02, weightDecay: 0.01 }),
  lamb: o.lamb({ lr, weightDecay: 0.01 }),
  "clipped lamb": o.chain(o.clipByGlobalNorm(0.1), ...o.lamb({ lr }).links),
  sm3: o.sm3({ lr }),
  "sm3, reset": o.lookahead(o.accumulate(o.sm3({ lr }), { steps: 2 }), { k: 2, reset: true }),
  adafactor: o.adafactor({ lr, weightDecay: 0.1 }),
  "adafactor as optax": o.adafactor({ lr, momentum: 0.5, convention: "optax" }),
  "adaptive clipping": o.chain(o.clipAdaptive(0.02), ...o.adam({ lr }).links),
  centralized: o.chain(o.centralize(), ...o.lamb({ lr }).links),
  "sm3 of a group": o.groups(o.adam({ lr }), [{ where: "layer1", optimizer: o.sm3({ lr }) }]),
  novograd: o.novograd({ lr, decay: 0.01 }),
  "clip by rms": o.chain(o.clipByTensorRms(0.01), ...o.adam({ lr }).links),
  fromage: o.fromage({ lr }),
  prodigy: o.prodigy({ d0: 0.01, weightDecay: 0.01 }),
  dog: o.dog({ initial: 0.01 }),
  dowg: o.dowg({ eps: 0.01 }),
  "schedule-free sgd": o.scheduleFreeSgd({ lr: 0.5, warmup: 3 }),
  "schedule-free adamw": o.scheduleFreeAdamw({ lr, weightDecay: 0.1 }),
  cautious: o.cautious(o.adamw({ lr, weightDecay: 0.1 })),
  "cautious, counted": o.cautious(o.sgd({ lr: 0.2, momentum: 0.9, clip: 0.5 }), { scale: "count" }),
  "cautious decay": o.chain(o.scaleByAdam(), o.cautiousDecay(0.2), o.descend(lr)),
  "decay of matrices": o.decayMatrices(o.adamw({ lr, weightDecay: 0.5 })),
  lookahead: o.lookahead(o.adam({ lr }), { k: 3 }),
  "lookahead, reset": o.lookahead(o.adam({ lr }), { k: 3, reset: true }),
  ema: o.ema(o.sgd({ lr: 0.2, momentum: 0.9 }), { decay: 0.8 }),
  swa: o.swa(o.adam({ lr }), { from: 2 }),
  accumulate: o.accumulate(o.novograd({ lr }), { steps: 3 }),
  "apply every": o.applyEvery(o.adam({ lr }), 3),
  sam: o.sam(o.sgd({ lr: 0.2, momentum: 0.9 }), { rho: 0.1 }),
  "adaptive sam of lamb": o.sam(o.lamb({ lr }), { rho: 0.5, adaptive: true }),
  "accumulated sam": o.accumulate(o.sam(o.sgd({ lr: 0.2, momentum: 0.9 }), { rho: 0.1 }), { steps: 2 }),
  "sam in a group": o.groups(o.sam(o.adam({ lr }), { rho: 0.1 }), [
    { where: "vectors", optimizer: o.sgd({ lr: 0.1 }) },
    { where: "layer3", optimizer: o.sam(o.sgd({ lr: 0.1 }), { rho: 0.05, adaptive: true }) },
  ]),
  "gradient noise": o.chain(o.gradientNoise({ eta: 0.1 }), ...o.adam({ lr }).links),
  "noise, clipped and accumulated": o.accumulate(
    o.chain(o.clipByGlobalNorm(0.5), o.gradientNoise(), o.gradientNoise({ gamma: 0.1 }), o.descend(0.2)),
    { steps: 2 },
  ),
  "noise in a group": o.groups(o.adam({ lr }), [
    { where: "vectors", optimizer: o.chain(o.gradientNoise(), o.descend(0.2)) },
    { where: "layer3", optimizer: o.sam(o.chain(o.gradientNoise(), o.descend(0.2))) },
  ]),
  "averaged lookahead": o.ema(o.lookahead(o.accumulate(o.adam({ lr }), { steps: 2 }), { k: 2 }), { decay: 0.5 }),
  groups: o.groups(o.adam({ lr, clip: 0.1 }), [
    { where: "vectors", optimizer: o.sgd({ lr: 0.1, clip: 0.05 }) },
    { where: "layer3", optimizer: o.ema(o.lamb({ lr }), { decay: 0.7 }) },
  ]),
  frozen: o.freeze(o.adam({ lr }), "layer1"),
};
