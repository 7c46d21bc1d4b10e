// --help: a screen for the command and one for each verb.
import { type Flag, written } from "./args.ts";
import { doctorFlags, raceFlags, startFlags, trainFlags, validateFlags } from "./flags.ts";

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
    more: [
      "fall-line train --data xor --steps 200 --lr 0.01",
      'fall-line train --model "linear 128, relu, linear 10" --schedule cosine --save digits.ckpt',
    ],
  },
  race: {
    about: "race optimizers against each other, all runs at once",
    usage: "[flags]",
    flags: raceFlags,
    more: [
      "fall-line race --data spirals --optimizers sgd,adam --lr 0.01,0.03,0.1",
      'fall-line race --size 14 --model "linear 32, relu, linear 10" --optimizers "sgd, adamw beta2 0.99"',
    ],
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

const EXIT_CODES = "Exit codes: 0 fine, 1 a kernel or target failed, 2 usage, 3 no Chrome or no adapter, 130 stopped.";
const WIDTH = 100;

/** Words under a hanging indent, in lines of at most 100 columns. */
function hang(head: string, text: string, indent: number): string {
  const lines: string[] = [];
  let line = head.padEnd(indent);
  for (const word of text.split(" ")) {
    if (line.length > indent && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = " ".repeat(indent);
    }
    line += line.length > indent ? ` ${word}` : word;
  }
  return [...lines, line].join("\n");
}

/** One verb's help, or the command's where there is no such verb. */
export function help(name?: string): string {
  const verb = name === undefined ? undefined : verbs[name];
  if (!verb) {
    const listed = Object.entries(verbs).map(([known, { about }]) => hang(`  ${known}`, about, 14));
    return `Fall Line trains small neural networks on WebGPU, many runs at once.\n\nfall-line VERB [flags]\n\n${listed.join("\n")}\n\nfall-line VERB --help says more.\n${EXIT_CODES}\n`;
  }
  const flags = verb.flags.map((flag) =>
    hang(`  ${written(flag)}${flag.takes ? ` ${flag.takes}` : ""}`, flag.about, 22),
  );
  const examples = verb.more.map((line) => `  ${line}`);
  const defaults = verb.flags.some(({ about }) => about.endsWith(")")) ? "; (...) is the default" : "";
  return `fall-line ${name} ${verb.usage}\n${hang("", verb.about + defaults, 0)}\n\n${flags.join("\n")}\n\nExamples\n${examples.join("\n")}\n\n${EXIT_CODES}\n`;
}
