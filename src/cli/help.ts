// --help: a screen for the command and one for each verb.
import { type Flag, written } from "./args.ts";
import { benchFlags, doctorFlags, raceFlags, startFlags, trainFlags, validateFlags } from "./flags.ts";

interface Verb {
  readonly about: string;
  readonly usage: string;
  readonly flags: readonly Flag[];
  readonly more: readonly string[];
}

export const verbs: Readonly<Record<string, Verb>> = {
  train: {
    about: "train one network",
    usage: "[flags]",
    flags: trainFlags,
    more: [],
  },
  race: {
    about: "race optimizers, all runs at once",
    usage: "[flags]",
    flags: raceFlags,
    more: ['fall-line race --data spirals --optimizers "sgd, adamw beta2 0.99" --lr 0.01,0.1'],
  },
  validate: {
    about: "check compute kernels and optimizer rules against their CPU references",
    usage: "[kernel ...] [module.ts ...] [flags]",
    flags: validateFlags,
    more: [
      "fall-line validate",
      "fall-line validate matmul_4x4 update --junit kernels.xml",
      "fall-line validate ./my_kernel.ts ./my_rule.ts",
    ],
  },
  bench: {
    about: "measure kernels, steps, populations, cold start, and peers where they are installed",
    usage: "[flags]",
    flags: benchFlags,
    more: ["fall-line bench --quick --only step,population", "Results: bench/results/ADAPTER.json and .html"],
  },
  doctor: {
    about: "say what this machine has and what it lacks",
    usage: "[flags]",
    flags: doctorFlags,
    more: ["fall-line doctor"],
  },
  start: {
    about: "the main job: a race on real digits, then its winner trained in full and tested once",
    usage: "[flags]",
    flags: startFlags,
    more: ["npm start"],
  },
};

/** A terminal's 80 columns and 24 lines. */
export const SCREEN = { columns: 80, lines: 24 } as const;

const EXIT_CODES = "Exit codes: 0 fine, 1 failed, 2 usage, 3 no Chrome or adapter, 130 stopped";
/** Where what a flag takes ends, and its words begin. */
const TERM = 19;
const CELL = 40;

/** Words under a hanging indent. */
function hang(head: string, text: string, indent: number): string {
  const lines: string[] = [];
  let line = head.padEnd(indent);
  for (const word of text.split(" ")) {
    if (line.length > indent && line.length + 1 + word.length > SCREEN.columns) {
      lines.push(line);
      line = " ".repeat(indent);
    }
    line += line.length > indent ? ` ${word}` : word;
  }
  return [...lines, line].join("\n");
}

const term = (flag: Flag): string => ` ${written(flag)}${flag.takes ? ` ${flag.takes}` : ""} `;

/** Flags of few words two a line, the others on lines of their own. */
function listed(flags: readonly Flag[]): string[] {
  const lines: string[] = [];
  let left = "";
  const flush = (): void => {
    if (left) lines.push(left.trimEnd());
    left = "";
  };
  for (const flag of flags) {
    const cell = `${term(flag).padEnd(TERM)}${flag.about}`;
    if (cell.length >= CELL) {
      flush();
      lines.push(hang(term(flag).padEnd(TERM), flag.about, term(flag).length > TERM ? term(flag).length : TERM));
    } else if (left) {
      lines.push(left + cell);
      left = "";
    } else left = cell.padEnd(CELL);
  }
  flush();
  return lines;
}

/** One verb's help, or the command's where there is no such verb. Each fits a screen. */
export function help(name?: string): string {
  const verb = name === undefined ? undefined : verbs[name];
  if (!verb) {
    const all = Object.entries(verbs).map(([known, { about }]) => hang(`  ${known}`, about, 12));
    const first = "Fall Line trains small neural networks on WebGPU, many runs at once.";
    return `${first}\n\nfall-line VERB [flags]\n\n${all.join("\n")}\n\nfall-line VERB --help says more.\n${hang("", EXIT_CODES, 0)}\n`;
  }
  const defaults = verb.flags.some(({ about }) => about.includes("(")) ? "; (...) is the default" : "";
  const head = hang("", `fall-line ${name} ${verb.usage}: ${verb.about}${defaults}`, 0);
  return `${[head, ...listed(verb.flags), ...verb.more, hang("", EXIT_CODES, 0)].join("\n")}\n`;
}
