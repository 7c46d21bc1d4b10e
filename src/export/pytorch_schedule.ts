// A schedule as PyTorch's own where it has the same, else as the factors of its steps.
import { isSchedule, type Schedule, type Scheduled, schedules, shapeAt } from "../optim/schedule.ts";
import { py } from "./pytorch_model.ts";

/** More factors than this are given at every so many steps, straight lines between them. */
const MOST = 512;

type Fields = Readonly<Record<string, number>>;

const torch = (name: string, options: string): string => `torch.optim.lr_scheduler.${name}(optimizer, ${options})`;

/** PyTorch's schedulers by kind; undefined where its own differs within these steps. */
const FORMS: Readonly<Record<string, (spec: Schedule, steps: number) => string | undefined>> = {
  cosine: (spec, all) => {
    const { steps = 1, to = 0, power = 1 } = spec as unknown as Fields;
    const goesOn = all > steps && spec.bounce !== true;
    return power === 1 && !goesOn && Number.isInteger(steps)
      ? torch("CosineAnnealingLR", `T_max=${steps}, eta_min=${py(to)}`)
      : undefined;
  },
  cosineRestarts: (spec) => {
    const { period = 1, mult = 1, to = 0 } = spec as unknown as Fields;
    return torch("CosineAnnealingWarmRestarts", `T_0=${period}, T_mult=${mult}, eta_min=${py(to)}`);
  },
  linear: (spec) => {
    const { steps = 1, startFactor = 1, endFactor = 1, begin = 0 } = spec as unknown as Fields;
    if (begin !== 0 || startFactor <= 0 || startFactor > 1 || !Number.isInteger(steps)) return undefined;
    const ends = `start_factor=${py(startFactor)}, end_factor=${py(endFactor)}`;
    return torch("LinearLR", `${ends}, total_iters=${steps}`);
  },
  polynomial: (spec) => {
    const { steps = 1, power = 1, to = 0, begin = 0 } = spec as unknown as Fields;
    if (begin !== 0 || to !== 0 || !Number.isInteger(steps)) return undefined;
    return torch("PolynomialLR", `total_iters=${steps}, power=${py(power)}`);
  },
  step: (spec) => {
    const { every = 1, gamma = 1 } = spec as unknown as Fields;
    return torch("StepLR", `step_size=${every}, gamma=${py(gamma)}`);
  },
  multiStep: (spec) => {
    const { milestones, gammas } = spec as unknown as { milestones: number[]; gammas: number[] };
    const gamma = gammas[0] ?? 1;
    if (gammas.some((other) => other !== gamma)) return undefined;
    return torch("MultiStepLR", `milestones=[${milestones.join(", ")}], gamma=${py(gamma)}`);
  },
  constantFactor: (spec) => {
    const { steps = 1, factor = 1 } = spec as unknown as Fields;
    return torch("ConstantLR", `factor=${py(factor)}, total_iters=${steps}`);
  },
  exponential: (spec) => {
    const { gamma = 1, every = 1, begin = 0 } = spec as unknown as Fields;
    return every === 1 && begin === 0 && spec.to === undefined && !spec.staircase
      ? torch("ExponentialLR", `gamma=${py(gamma)}`)
      : undefined;
  },
};

function factors(spec: Schedule, steps: number): string[] {
  const every = Math.ceil(steps / MOST);
  const at = Array.from({ length: Math.ceil(steps / every) + 1 }, (_, i) =>
    Math.min(i * every, Math.max(0, steps - 1)),
  );
  const values = at.map((t) => py(Number(shapeAt(spec, t).toPrecision(17))));
  const rows: string[] = [];
  for (let i = 0; i < values.length; i += 8) rows.push(`    ${values.slice(i, i + 8).join(", ")},`);
  const exact = every === 1;
  const look = exact
    ? "lambda t: factors[min(t, len(factors) - 1)]"
    : `lambda t: factors[min(t // ${every}, len(factors) - 1)] + (factors[min(t // ${every} + 1, len(factors) - 1)] - factors[min(t // ${every}, len(factors) - 1)]) * (t % ${every}) / ${every}`;
  return [
    `# PyTorch has no schedule like Fall Line's ${spec.kind}: its factors of lr, ${exact ? "step by step" : `every ${every} steps, straight between them`}.`,
    "factors = [",
    ...rows,
    "]",
    `schedule = ${torch("LambdaLR", look)}`,
  ];
}

/** Lines that make `schedule`, or none for an lr that stays. One that follows the losses is PyTorch's by its nature. */
export function scheduleLines(lr: Scheduled, steps: number): { lines: string[]; hears: boolean } {
  if (!isSchedule(lr) || lr.kind === "constant") return { lines: [], hears: false };
  if (schedules.get(lr.kind)?.listen) return { lines: plateauLines(lr), hears: true };
  const line = Object.hasOwn(FORMS, lr.kind) ? FORMS[lr.kind]?.(lr, steps) : undefined;
  return { lines: line ? [`schedule = ${line}`] : factors(lr, steps), hears: false };
}

function plateauLines(spec: Schedule): string[] {
  const {
    factor = 0.1,
    patience = 10,
    threshold = 0,
    cooldown = 0,
    min = 0,
    eps = 0,
    every = 1,
    delay = 0,
  } = spec as unknown as Fields;
  const words = `mode="${String(spec.mode)}", threshold_mode="${String(spec.thresholdMode)}"`;
  const numbers = `factor=${py(factor)}, patience=${patience}, threshold=${py(threshold)}, cooldown=${cooldown}, min_lr=${py(min)}, eps=${py(eps)}`;
  return [
    `# Fall Line hears the mean loss of every ${every} steps and changes lr ${delay} steps later; here it changes at once.`,
    `schedule = ${torch("ReduceLROnPlateau", `${words}, ${numbers}`)}`,
    `heard, hear_every = [], ${every}`,
  ];
}
