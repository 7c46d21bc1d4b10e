// The classic mistakes, planted one at a time in the fields, the shader's text or the chain: the known answers catch
// each of them, for each rule it can be made in.
import { describe, expect, test } from "vitest";
import { type Optimizer, type Rule, rules } from "../../src/optim/index.ts";
import { type Reduction, ruleNamed, type Values } from "../../src/optim/rule.ts";
import { readFromShader } from "../harness/shader-in-f64.ts";
import { apart, type Known, known, TOLERANCE } from "./support/rules.known.ts";

const all = [...rules.values()];

/** How far the best of the known answers that play `name` is from a rule with a mistake in its place. */
function caught(name: string, mistaken: Rule): number {
  const playing = known.filter(({ optimizer }) => optimizer.links.some(({ rule }) => rule === name));
  const ruleOf = (wanted: string): Rule => (wanted === name ? mistaken : ruleNamed(wanted));
  return Math.max(...playing.map((entry) => apart(entry, { ruleOf })));
}

const withFields = (rule: Rule, fields: Rule["fields"]): Rule => ({ ...rule, fields });

/** Every rule that a change of fields concerns, changed. */
const inFields = (concerns: (rule: Rule) => boolean, change: (rule: Rule, h: Values, t: number) => Values) =>
  all.filter(concerns).map((rule) => ({ of: rule.name, rule: withFields(rule, (h, t) => change(rule, h, t)) }));

/** Every rule whose shader a replacement changes, changed. */
const inShader = (replace: (text: string) => string) =>
  all.flatMap((rule) => {
    const text = replace(rule.wgsl);
    return text === rule.wgsl ? [] : [{ of: rule.name, rule: readFromShader(rule, text) }];
  });

const has =
  (...names: string[]) =>
  ({ options }: Rule): boolean =>
    names.every((name) => name in options);

/** Fields that are 1 / (1 - beta^t), or hold it. */
const DEBIASING = ["scale", "m_scale", "v_scale", "s_scale", "n_scale", "d_scale", "u_scale", "before", "after"];

const multiplied = all.flatMap((rule) =>
  DEBIASING.filter((field) => rule.varies?.includes(field)).map((field) => ({
    of: `${rule.name}.${field}`,
    rule: withFields(rule, (h, t) => {
      const fields = rule.fields(h, t);
      return { ...fields, [field]: 1 / (fields[field] as number) };
    }),
  })),
);

/** A copy of m before this step. */
const remembering = (text: string): string => text.replace(/(->\s*f32\s*\{)/, "$1\n  let m_before = *m;");

/** The mean as it was before this step, where the result reads the new one. */
function stale(text: string): string {
  const result = /return[^;]*\*m\b[^;]*;/.exec(text)?.[0];
  return result && /\*m\s*=/.test(text)
    ? remembering(text.replace(result, result.replace(/\*m\b/g, "m_before")))
    : text;
}

/** Fields that are 1 at the first step, where the state takes the whole square, and 1 - beta after it. */
const FIRST_WHOLE: readonly (readonly [rule: string, field: string])[] = [
  ["novograd", "rest"],
  ["adopt", "rest2"],
  ["rmsprop", "rest"],
  ["rmspropCentered", "rest_v"],
];

/** Rules whose sums are over all of a run in place of a tensor, or the other way round. */
const summing = (over: "run" | "tensor", ...names: string[]) =>
  names.map((of) => {
    const rule = ruleNamed(of);
    return { of, rule: { ...rule, reduces: { ...(rule.reduces as Reduction), over } } };
  });

/** A reduction that sums. */
const summed = ({ largest: _, ...reduces }: Reduction): Reduction => reduces;

const onlyKnown = (rule: Rule, values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => rule.fieldNames.includes(name)));

const mistakes: Record<string, readonly { readonly of: string; readonly rule: Rule }[]> = {
  "a bias correction multiplies instead of dividing": [
    ...multiplied,
    ...inFields(
      ({ name }) => name === "prodigy" || name === "prodigySums",
      (rule, h, t) => {
        const fields = rule.fields(h, t);
        return { ...fields, rate: (h.lr as number) ** 2 / (fields.rate as number) };
      },
    ),
    ...inFields(
      ({ name }) => name === "average",
      (rule, h, t) => {
        const { decay = 0, debias, plain } = h;
        return debias && !plain ? { share: t === 1 ? 1 : (1 - decay) * (1 - decay ** t) } : rule.fields(h, t);
      },
    ),
  ],
  "beta1 and beta2 swapped": inFields(has("beta1", "beta2"), (rule, h, t) =>
    rule.fields({ ...h, beta1: h.beta2 as number, beta2: h.beta1 as number }, t),
  ),
  "beta2 and beta3 swapped": inFields(has("beta2", "beta3"), (rule, h, t) =>
    rule.fields({ ...h, beta2: h.beta3 as number, beta3: h.beta2 as number }, t),
  ),
  "t one ahead": inFields(
    ({ varies }) => varies !== undefined,
    (rule, h, t) => rule.fields(h, t + 1),
  ),
  "t one behind": inFields(
    ({ varies }) => varies !== undefined,
    (rule, h, t) => rule.fields(h, Math.max(t - 1, 1)),
  ),
  "eps inside the root instead of outside": inShader((text) =>
    text.replace(/sqrt\(([^;]*?)\) \+ h\.eps\b/, "sqrt($1 + h.eps)"),
  ),
  "eps outside the root instead of inside": inShader((text) =>
    text.replace(/sqrt\(((?:[^;()]|\([^()]*\))*?) \+ h\.eps(_root)?\)/, "(sqrt($1) + h.eps$2)"),
  ),
  "eps outside the maximum instead of inside": inShader((text) =>
    text.replace("abs(u) + h.eps_in)", "abs(u)) + h.eps_in"),
  ),
  "eps added for a least value, or the other way round": inFields(has("epsAdded"), (rule, h, t) =>
    rule.fields({ ...h, epsAdded: 1 - (h.epsAdded as number) }, t),
  ),
  "eps not of the estimated distance": inShader((text) => text.replace("h.d * h.eps", "h.eps")),
  "eps added instead of a least divisor": inShader((text) => text.replace("max(sqrt(*v), h.eps)", "sqrt(*v) + h.eps")),
  "the mean of the step before in the result": inShader(stale),
  "Lion's m renewed before its direction": inShader((text) =>
    text.replace(/(\s*let direction = [^;]*;)(\s*\*m = [^;]*;)/, "$2$1"),
  ),
  "Lion's direction from m alone": inShader((text) => text.replace("sign(h.beta1 * *m + h.rest1 * u)", "sign(*m)")),
  "the maximum of the debiased second moment for the raw one": inFields(
    ({ name }) => name === "amsgrad",
    (rule, h, t) => rule.fields({ ...h, maxDebiased: 1 }, t),
  ),
  "the maximum of the raw second moment for the debiased one": inFields(
    ({ name }) => name === "amsgrad",
    (rule, h, t) => rule.fields({ ...h, maxDebiased: 0 }, t),
  ),
  "no maximum": inShader((text) => text.replace("max(*most, *v * h.before)", "*v * h.before")),
  "the first momentum dampened": inFields(
    ({ name }) => name === "momentum",
    (rule, h, t) => ({ ...rule.fields(h, t), rest: 1 - (h.dampening as number) }),
  ),
  "the first second moment decayed like the others": FIRST_WHOLE.flatMap(([name, field]) =>
    inFields(
      (rule) => rule.name === name,
      (rule, h, t) => ({ ...rule.fields(h, t), [field]: rule.fields(h, Math.max(t, 2))[field] as number }),
    ),
  ),
  "no first step, from which to start": inFields(
    ({ varies }) => varies?.includes("first") === true,
    (rule, h, t) => ({ ...rule.fields(h, t), first: 0 }),
  ),
  "Nesterov without the current gradient": [
    ...inShader((text) => text.replace("u + h.momentum * *b", "h.momentum * *b")),
    ...inFields(
      ({ name }) => name === "nadam",
      (rule, h, t) => ({ ...rule.fields(h, t), u_scale: 0 }),
    ),
    ...inFields(
      ({ name }) => name === "simplifiedAdemamix",
      (rule, h, t) => ({ ...rule.fields(h, t), alpha: 0 }),
    ),
  ],
  "a sum over the wrong numbers": [
    ...summing("run", "trustRatio", "novograd"),
    ...summing("tensor", "clipByGlobalNorm", "prodigy"),
  ],
  "a sum along lines for the largest": all
    .filter(({ reduces }) => reduces?.largest)
    .map((rule) => ({
      of: rule.name,
      rule: { ...rule, reduces: summed(rule.reduces as Reduction) },
    })),
  "the row alone": inShader((text) => text.replaceAll(/h\.col_(v|old)\b/g, "h.row_$1")),
  "sums that decay": inShader((text) =>
    text.replace(/= \*s \+ h\.start \+ u \* u/, "= 0.9 * *s + h.start + 0.1 * u * u"),
  ),
  "state that starts at 0": inFields(
    (rule) => ["start", "start_m", "start_v"].some((field) => rule.varies?.includes(field)),
    (rule, h, t) => ({ ...rule.fields(h, t), ...onlyKnown(rule, { start: 0, start_m: 0, start_v: 0 }) }),
  ),
  "the difference from nothing at the first step": inFields(
    ({ name }) => name === "adan",
    (rule, h, t) => ({ ...rule.fields(h, t), later: 1 }),
  ),
  "a factor 1 - beta2 in Adan's difference": inFields(
    ({ name }) => name === "adan",
    (rule, h, t) => ({ ...rule.fields(h, t), d_scale: (1 - (h.beta2 as number)) / (1 - (h.beta2 as number) ** t) }),
  ),
  "a flipped gradient that still counts": inShader((text) => text.replace("select(u, 0.0, agreement < 0.0)", "u")),
  "surprise about the mean before": inShader((text) =>
    text.includes("surprise = u - *m")
      ? remembering(text.replace("surprise = u - *m", "surprise = u - m_before"))
      : text,
  ),
  "surprise about the new mean for the one before": inFields(has("staleMean"), (rule, h, t) =>
    rule.fields({ ...h, staleMean: 1 - (h.staleMean as number) }, t),
  ),
  "no limit": inShader((text) =>
    text
      .replace(
        "min(max(u / select(root, 1.0, root == 0.0), -h.limit), h.limit)",
        "select(0.0, u / root, h.limit > 0.0)",
      )
      .replace("return min(max(u, -h.limit), h.limit);", "return u;"),
  ),
};

describe.each(Object.entries(mistakes))("%s", (_, planted) => {
  test("can be made somewhere", () => expect(planted.length).toBeGreaterThan(0));

  test.each(planted)("caught in $of", ({ of, rule }) => {
    expect(caught(of.split(".")[0] as string, rule)).toBeGreaterThan(10 * TOLERANCE);
  });
});

/** Chains with the mistake, of every known answer that can have it. */
const chains: Record<string, (optimizer: Optimizer) => Optimizer | undefined> = {
  "decay on the wrong side of the rule": ({ kind, links }) => {
    const at = links.findIndex(({ rule, options }) => rule === "weightDecay" && options.weightDecay !== 0);
    const rest = links.filter((_, i) => i !== at);
    const stateful = rest.findIndex(({ rule }) => ruleNamed(rule).slots > 0);
    if (at < 0 || stateful < 0) return undefined;
    const place = at <= stateful ? rest.length - 1 : 0;
    return { kind, links: [...rest.slice(0, place), links[at] as (typeof links)[number], ...rest.slice(place)] };
  },
  "decay beside the momentum for through it": ({ kind, links }) => {
    const at = links.findIndex(({ rule, options }) => rule === "novograd" && options.decay !== 0);
    const { options } = links[at] ?? {};
    if (!options) return undefined;
    const beside = { rule: "weightDecay", options: { weightDecay: options.decay ?? 0 } };
    return { kind, links: [{ rule: "novograd", options: { ...options, decay: 0 } }, beside, ...links.slice(at + 1)] };
  },
  "decay through the moments for beside them": ({ kind, links }) => {
    const [sums, prodigy, ...rest] = links;
    if (prodigy?.rule !== "prodigy" || prodigy.options.decay === 0) return undefined;
    const coupled = { rule: "weightDecay", options: { weightDecay: prodigy.options.decay ?? 0 } };
    const without = { ...prodigy, options: { ...prodigy.options, decay: 0 } };
    return { kind, links: [coupled, sums as (typeof links)[number], without, ...rest] };
  },
  "the average's beta and the second moment's swapped": ({ kind, links }) => {
    const [first, free] = ["rmsprop", "scheduleFree"].map((name) => links.find(({ rule }) => rule === name));
    const [alpha, beta] = [first?.options.alpha, free?.options.beta];
    if (alpha === undefined || beta === undefined) return undefined;
    const swapped = links.map((at) =>
      at === first || at === free
        ? { ...at, options: { ...at.options, ...(at === first ? { alpha: beta } : { beta: alpha }) } }
        : at,
    );
    return { kind, links: swapped };
  },
  "decay not divided by 1 + lr decay": ({ kind, links }) =>
    links.some(({ rule }) => rule === "proximalDecay")
      ? {
          kind,
          links: links.map(({ rule, options }) =>
            rule === "proximalDecay"
              ? { rule: "weightDecay", options: { weightDecay: options.weightDecay ?? 0 } }
              : { rule, options },
          ),
        }
      : undefined,
  "a schedule one step late": ({ kind, links }) => {
    const late = links.map(({ rule, options }) => ({
      rule,
      options: Object.fromEntries(
        Object.entries(options).map(([name, value]) => {
          const of = value as unknown;
          return [name, typeof of === "function" ? (t: number) => of(Math.max(t - 1, 0)) : value];
        }),
      ) as Optimizer["links"][number]["options"],
    }));
    const scheduled = links.some(({ options }) => Object.values(options).some((value) => typeof value === "function"));
    return scheduled ? { kind, links: late } : undefined;
  },
  "lr outside the momentum for inside": ({ kind, links }) => {
    const [first, second] = [links.at(-1), links.at(-3)];
    if (links.length < 3 || first?.rule !== "descend" || second?.rule !== "descend") return undefined;
    // The same while lr is constant.
    if (typeof second.options.lr === "number") return undefined;
    return { kind, links: [...links.slice(0, -3), links.at(-2) as typeof first, second] };
  },
  "clipping after the rule": ({ kind, links }) =>
    links[0]?.rule.startsWith("clip") && links.length > 2
      ? { kind, links: [...links.slice(1, -1), links[0], links.at(-1) as (typeof links)[number]] }
      : undefined,
};

/** No moment, no root with an eps, no beta, nothing that depends on t: what can go wrong is where they stand, below, or a sum. */
const PLAIN = [
  ...["ascend", "cautious", "cautiousDecay", "centralize", "clipAdaptive", "clipByTensorRms", "descend", "fromage"],
  ...["matrixDecay", "proximalDecay", "remember", "sign", "weightDecay", "averageView", "scheduleFreeView"],
];

test("every rule has a mistake planted in it", () => {
  const planted = new Set(Object.values(mistakes).flatMap((list) => list.map(({ of }) => of.split(".")[0])));
  expect([...rules.keys()].filter((name) => !planted.has(name)).sort()).toEqual([...PLAIN].sort());
});

describe.each(Object.entries(chains))("%s", (_, plant) => {
  const planted = known.flatMap((entry): Known[] => {
    const optimizer = plant(entry.optimizer);
    return optimizer ? [{ ...entry, optimizer }] : [];
  });

  test("can be made somewhere", () => expect(planted.length).toBeGreaterThan(0));

  test.each(planted)("caught in $name", (entry) => expect(apart(entry)).toBeGreaterThan(10 * TOLERANCE));
});
