// Side by side with the peers: the same model, data, starts, batches and optimizer in one page, rounds interleaved.
import { openWebGpu } from "../../src/backend/webgpu/index.ts";
import { type ContenderResult, type Effort, type PeerResult, roundsOf } from "../result.ts";
import { interleave } from "./clock.ts";
import type { Contender, Given } from "./contender.ts";
import { countsOf } from "./counts.ts";
import { Ours } from "./ours.ts";
import { MEDIUM, type Problem, SMALL, tiny } from "./problems.ts";
import { say } from "./say.ts";

const AGREE_STEPS = 10;
const ALLOWED = 1e-4;
const COUNTED = 16;

const QUEUE: readonly (Problem & { peers: readonly ("jax" | "tfjs")[] })[] = [
  { ...MEDIUM, peers: ["jax", "tfjs"] },
  { ...SMALL, peers: ["jax", "tfjs"] },
  { ...tiny(1000), peers: ["jax"] },
];

const NAMES = { jax: "jax-js", tfjs: "TensorFlow.js" } as const;

async function open(peer: "jax" | "tfjs", given: Given): Promise<Contender> {
  if (peer === "jax") {
    const { Jax, openJax } = await import("./jax.ts");
    await openJax();
    return new Jax(given);
  }
  const { openTfjs, Tfjs } = await import("./tfjs.ts");
  await openTfjs();
  return new Tfjs(given);
}

/** The largest difference over steps and runs. */
function worstOf(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  const differences = a.flatMap((losses, i) => losses.map((loss, run) => Math.abs(loss - (b[i]?.[run] ?? Number.NaN))));
  return differences.reduce((worst, each) => (each <= worst ? worst : each), 0);
}

interface Entered {
  readonly agreed: Contender[];
  readonly worst: Record<string, number>;
  readonly losses: Record<string, readonly number[]>;
  readonly left: Record<string, string>;
}

/** Opens the peers and lets those in whose first losses are ours. */
async function enter(ours: Ours, problem: (typeof QUEUE)[number]): Promise<Entered> {
  const given = await ours.given();
  const wanted = await ours.first(AGREE_STEPS);
  const entered: Entered = {
    agreed: [ours],
    worst: {},
    losses: { [ours.name]: wanted.map(([loss = 0]) => loss) },
    left: {},
  };
  for (const peer of problem.peers) {
    const name = NAMES[peer];
    say(`peers: ${problem.name}: ${name}`);
    try {
      const contender = await open(peer, given);
      const losses = await contender.first(AGREE_STEPS);
      const worst = worstOf(wanted, losses);
      entered.worst[name] = worst;
      entered.losses[name] = losses.map(([loss = 0]) => loss);
      if (worst <= ALLOWED) entered.agreed.push(contender);
      else {
        entered.left[name] =
          `its first ${AGREE_STEPS} losses differ from ours by up to ${worst.toExponential(1)}, allowed ${ALLOWED}`;
        contender.close();
      }
    } catch (error) {
      entered.left[name] = error instanceof Error ? error.message : String(error);
    }
  }
  return entered;
}

async function compare(
  problem: (typeof QUEUE)[number],
  effort: Effort,
): Promise<{ timed: PeerResult; count: () => Promise<PeerResult> }> {
  const backend = await openWebGpu();
  const ours = await Ours.open(backend, problem);
  const { agreed, worst, losses, left } = await enter(ours, problem);
  say(`peers: ${problem.name}: timing ${agreed.map(({ name }) => name).join(", ")}`);
  const times = await interleave(
    agreed.map(({ run }) => run),
    effort,
    agreed.map(({ submit = 1 }) => submit),
  );
  const counts: ContenderResult["counts"][] = [];
  const result = (): PeerResult => {
    const contenders = agreed.map(({ name }, i) => ({ name, counts: counts[i]!, ...times[i]! }));
    const own = contenders[0]!.stepsPerSecond.raw;
    const ratios = contenders
      .slice(1)
      .map(({ name, stepsPerSecond: { raw } }) => [name, roundsOf(own.map((rate, i) => rate / raw[i]!))]);
    const agreement = { steps: AGREE_STEPS, allowed: ALLOWED, worst, losses };
    return {
      problem: problem.name,
      runs: problem.runs,
      agreement,
      contenders,
      ratios: Object.fromEntries(ratios),
      left,
    };
  };
  const count = async (): Promise<PeerResult> => {
    for (const { run } of agreed) counts.push(await countsOf(COUNTED, () => run(COUNTED)));
    for (const contender of agreed) contender.close();
    backend.close();
    return result();
  };
  return { timed: result(), count };
}

/** All comparisons; calls are counted after the last timing, since counting slows them. */
export async function peers(effort: Effort): Promise<PeerResult[]> {
  const all: Awaited<ReturnType<typeof compare>>[] = [];
  for (const problem of QUEUE) all.push(await compare(problem, effort));
  const results: PeerResult[] = [];
  for (const { count } of all) results.push(await count());
  return results;
}
