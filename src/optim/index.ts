// The family of optimizers: rules, chains, presets, schedules.
export { acprop, acpropRule, scaleByAcprop } from "./acprop.ts";
export { adabelief, adabeliefRule, scaleByAdabelief } from "./adabelief.ts";
export { adadelta, adadeltaRule, scaleByAdadelta } from "./adadelta.ts";
export { adagrad, adagradRule, scaleByAdagrad } from "./adagrad.ts";
export {
  adafactor,
  adafactorRule,
  adafactorStep,
  adafactorStepRule,
  scaleByAdafactor,
} from "./adafactor.ts";
export { adamRule } from "./adam.ts";
export { adamEpsRootRule } from "./adam_eps_root.ts";
export { adamax, adamaxRule, scaleByAdamax } from "./adamax.ts";
export { adan, adanRule, scaleByAdan } from "./adan.ts";
export { ademamix, ademamixRule, scaleByAdemamix } from "./ademamix.ts";
export { accumulate, accumulateRule } from "./accumulate.ts";
export { applyEvery, applyEveryRule } from "./apply_every.ts";
export { ascendRule, sam } from "./ascend.ts";
export { averageRule, ema, swa } from "./average.ts";
export { averageViewRule } from "./average_view.ts";
export { cautious, cautiousRule } from "./cautious.ts";
export { cautiousDecay, cautiousDecayRule } from "./cautious_decay.ts";
export { centralize, centralizeRule } from "./centralize.ts";
export { clipAdaptive, clipAdaptiveRule } from "./clip_adaptive.ts";
export { clipByGroupNormRule } from "./clip_by_group_norm.ts";
export { clipByTensorRms, clipByTensorRmsRule } from "./clip_by_tensor_rms.ts";
export { dog, dogRule } from "./dog.ts";
export { dowg, dowgRule } from "./dowg.ts";
export { fromage, fromageRule } from "./fromage.ts";
export { freeze, groups, type Where } from "./groups.ts";
export { lookahead, lookaheadRule } from "./lookahead.ts";
export { decayMatrices, matrixDecay, matrixDecayRule } from "./matrix_decay.ts";
export { novograd, novogradRule, scaleByNovograd } from "./novograd.ts";
export { prodigy, prodigyRule } from "./prodigy.ts";
export { prodigySumsRule } from "./prodigy_sums.ts";
export { rememberRule } from "./remember.ts";
export { scheduleFreeAdamw, scheduleFreeRule, scheduleFreeSgd } from "./schedule_free.ts";
export { scheduleFreeViewRule } from "./schedule_free_view.ts";
export { lamb, lars, trustRatio, trustRatioRule } from "./trust_ratio.ts";
export { adopt, adoptRule, scaleByAdopt } from "./adopt.ts";
export { amsgradRule } from "./amsgrad.ts";
export { chain, type Link, link, type Optimizer } from "./chain.ts";
export { compileChain } from "./compile.ts";
export { clipByGlobalNormRule } from "./clip_by_global_norm.ts";
export { clipByValue, clipByValueRule } from "./clip_by_value.ts";
export { descendRule } from "./descend.ts";
export { emaMomentum, emaMomentumRule, emaSgd } from "./ema_momentum.ts";
export { type Draw, drawGaussian, drawUniform } from "./draw.ts";
export { gradientNoise, gradientNoiseRule } from "./gradient_noise.ts";
export { laprop, lapropRule, scaleByLaprop } from "./laprop.ts";
export { lion, lionRule, scaleByLion } from "./lion.ts";
export { madgrad, madgradRule, scaleByMadgrad } from "./madgrad.ts";
export { momentumRule } from "./momentum.ts";
export { nadam, nadamRule, scaleByNadam } from "./nadam.ts";
export { optimistic, optimisticAdam, optimisticRule, optimisticSgd } from "./optimistic.ts";
export {
  adam,
  adamw,
  clipByGlobalNorm,
  descend,
  type Hyper,
  momentum,
  scaleByAdam,
  sgd,
  weightDecay,
} from "./presets.ts";
export { proximalDecay, proximalDecayRule } from "./proximal_decay.ts";
export { radam, radamRule, scaleByRadam } from "./radam.ts";
export { rmsprop, rmspropRule, scaleByRmsprop } from "./rmsprop.ts";
export { rmspropCenteredRule } from "./rmsprop_centered.ts";
export { rprop, rpropRule, scaleByRprop } from "./rprop.ts";
export { lineReduction } from "./lines.ts";
export { reduction } from "./reduce.ts";
export { type Rule, rules } from "./rule.ts";
export { defineRule, type RuleDefinition } from "./own_rule.ts";
export {
  constantSchedule,
  defineSchedule,
  type Schedule,
  type Scheduled,
  sampled,
  schedules,
  valueAt,
} from "./schedule.ts";
export { chebyshev } from "./schedules/chebyshev.ts";
export { productSchedule, sequentialSchedule, warmup } from "./schedules/combine.ts";
export { cosine, cosineRestarts } from "./schedules/cosine.ts";
export { cyclic, oneCycle, oneCycleMomentum } from "./schedules/cycle.ts";
export { exponentialDecay, inverseSqrt, inverseTime, noam } from "./schedules/decay.ts";
export { piecewise } from "./schedules/piecewise.ts";
export { plateau } from "./schedules/plateau.ts";
export { linearDecay, linearSchedule, polynomialDecay, rex } from "./schedules/power.ts";
export { constantFactor, multiStepDecay, stepDecay } from "./schedules/steps.ts";
export { wsd } from "./schedules/wsd.ts";
export { sign, signRule, signsgd, signum } from "./sign.ts";
export { scaleBySimplifiedAdemamix, simplifiedAdemamix, simplifiedAdemamixRule } from "./simplified_ademamix.ts";
export { scaleBySm3, sm3, sm3Rule } from "./sm3.ts";
export { weightDecayRule } from "./weight_decay.ts";
export { scaleByYogi, yogi, yogiRule } from "./yogi.ts";
