// Reads functions of f32 out of a rule's shader: what rules are written in, no WGSL at large. Trees, as data.
import { fail } from "../core/check.ts";
import { withoutComments } from "../kernel/source.ts";

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "truth"; readonly value: boolean }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "field"; readonly of: string; readonly name: string }
  | { readonly kind: "unary"; readonly op: "-" | "!"; readonly of: Expression }
  | { readonly kind: "binary"; readonly op: string; readonly a: Expression; readonly b: Expression }
  | { readonly kind: "call"; readonly name: string; readonly of: readonly Expression[] };

export type Statement =
  | { readonly kind: "set"; readonly name: string; readonly to: Expression }
  | { readonly kind: "return"; readonly of: Expression }
  | {
      readonly kind: "if";
      readonly when: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    };

export interface ShaderFunction {
  readonly parameters: readonly string[];
  readonly body: readonly Statement[];
}

const STRENGTH: Readonly<Record<string, number>> = {
  ...{ "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4 },
  ...{ "+": 5, "-": 5, "*": 6, "/": 6 },
};

const TOKEN =
  /\s*(0[xX][\da-fA-F.]+(?:[pP][+-]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|[-+*/]=|==|!=|<=|>=|&&|\|\||[-+*/<>=(){};,.!:&])/y;

function tokensOf(where: string, text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const [, token] = TOKEN.exec(text) ?? fail(where, `cannot read "${text.slice(at, at + 20).trim()}"`, READABLE);
    tokens.push(token as string);
    // A suffix of a number (1f, 1u, 1h) says nothing here.
    const suffix = /^[\d.]/.test(token as string) ? /[fhiu]\b/y : undefined;
    if (suffix) {
      suffix.lastIndex = TOKEN.lastIndex;
      if (suffix.test(text)) TOKEN.lastIndex++;
    }
  }
  return tokens;
}

const READABLE =
  "rules are functions of f32 with let, var, assignments, if, select and calls; declare a bound otherwise";

/** A hexadecimal float or a decimal one. */
function numberOf(token: string): number {
  const [, whole = "", part = "", power = "0"] = /^0x([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?$/i.exec(token) ?? [];
  if (whole + part === "") return Number(token);
  return Number.parseInt(whole + part, 16) * 2 ** (Number(power) - 4 * part.length);
}

class Reader {
  readonly #where: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(where: string, text: string) {
    this.#where = where;
    this.#tokens = tokensOf(where, text);
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? fail(this.#where, "its shader ends within a statement", "close its brackets");
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    const found = this.#next();
    if (found !== token) fail(this.#where, `its shader has "${found}" where "${token}" was expected`, READABLE);
  }

  #primary(): Expression {
    const token = this.#next();
    if (token === "(") {
      const inner = this.expression();
      this.#expect(")");
      return inner;
    }
    if (token === "-" || token === "!") return { kind: "unary", op: token, of: this.#primary() };
    // What a pointer points to, or the pointer handed on: by the name.
    if (token === "*" || token === "&") return this.#primary();
    if (token === "true" || token === "false") return { kind: "truth", value: token === "true" };
    if (/^[\d.]/.test(token)) return { kind: "number", value: numberOf(token) };
    if (!/^\w/.test(token)) fail(this.#where, `its shader has "${token}" where a value was expected`, READABLE);
    if (this.#take(".")) return { kind: "field", of: token, name: this.#next() };
    if (!this.#take("(")) return { kind: "name", name: token };
    const of: Expression[] = [];
    while (!this.#take(")")) {
      of.push(this.expression());
      this.#take(",");
    }
    return { kind: "call", name: token, of };
  }

  expression(least = 0): Expression {
    let a = this.#primary();
    for (;;) {
      const op = this.#tokens[this.#at] ?? "";
      const strength = STRENGTH[op] ?? 0;
      if (strength <= least) return a;
      this.#at++;
      a = { kind: "binary", op, a, b: this.expression(strength) };
    }
  }

  #block(): Statement[] {
    const body: Statement[] = [];
    while (!this.#take("}")) body.push(...this.#statement());
    return body;
  }

  #if(): Statement {
    const when = this.expression();
    this.#expect("{");
    const then = this.#block();
    if (!this.#take("else")) return { kind: "if", when, then, otherwise: [] };
    if (this.#take("if")) return { kind: "if", when, then, otherwise: [this.#if()] };
    this.#expect("{");
    return { kind: "if", when, then, otherwise: this.#block() };
  }

  #statement(): Statement[] {
    if (this.#take("if")) return [this.#if()];
    if (this.#take("return")) {
      const of = this.expression();
      this.#expect(";");
      return [{ kind: "return", of }];
    }
    if (this.#take(";")) return [];
    if (!this.#take("let") && !this.#take("var")) this.#take("*");
    const name = this.#next();
    if (this.#take(":")) this.#next();
    const op = this.#next();
    if (op !== "=" && !/^[-+*/]=$/.test(op)) fail(this.#where, `its shader has "${name} ${op}"`, READABLE);
    const value = this.expression();
    this.#expect(";");
    if (op === "=") return [{ kind: "set", name, to: value }];
    return [{ kind: "set", name, to: { kind: "binary", op: op[0] as string, a: { kind: "name", name }, b: value } }];
  }

  /** The statements up to the end of the text. */
  body(): Statement[] {
    const body: Statement[] = [];
    while (this.#at < this.#tokens.length) body.push(...this.#statement());
    return body;
  }
}

/** The text between the bracket at `from` and the one that closes it. */
function within(text: string, from: number): string {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "{") depth++;
    if (text[i] === "}" && --depth === 0) return text.slice(from + 1, i);
  }
  return text.slice(from + 1);
}

/** Every function of a shader's text that returns f32, by name. */
export function functionsOf(where: string, wgsl: string): Map<string, ShaderFunction> {
  const code = withoutComments(wgsl);
  const heads = code.matchAll(/\bfn\s+(\w+)\s*\(([^)]*)\)\s*->\s*f32\s*\{/g);
  return new Map(
    [...heads].map((head) => {
      const [text, name = "", inside = ""] = head;
      const parameters = [...inside.matchAll(/(\w+)\s*:/g)].map((match) => match[1] as string);
      const body = within(code, head.index + text.length - 1);
      return [name, { parameters, body: new Reader(where, body).body() }];
    }),
  );
}
