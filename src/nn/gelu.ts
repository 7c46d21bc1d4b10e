// gelu as a layer, exact or in its tanh form.
import { geluOf } from "../activations/gelu.ts";
import { geluErfOf } from "../activations/gelu_erf.ts";
import { checkKeys, fail } from "../core/check.ts";
import { defineLayer, type Layer } from "./layer.ts";

const FORMS = ["tanh", "none"] as const;

interface Gelu extends Layer {
  readonly kind: "gelu";
  readonly approximate?: (typeof FORMS)[number];
}

const checked = defineLayer<Gelu>({
  kind: "gelu",
  options: ["approximate"],
  check(where, { approximate = "tanh" }) {
    if (FORMS.includes(approximate)) return;
    fail(where, `approximate is ${JSON.stringify(approximate)}, expected "tanh" or "none"`);
  },
  build: ({ approximate = "tanh" }, x) => (approximate === "tanh" ? geluOf(x) : geluErfOf(x)),
});

/**
 * Gaussian error linear unit (Hendrycks & Gimpel 2016). By default in its tanh form, as in GPT-2 and JAX; `approximate: "none"` is
 * the exact one, x (1 + erf(x / sqrt 2)) / 2, which is PyTorch's and Keras' default. Throws for another word.
 */
export function gelu(options: { readonly approximate?: "tanh" | "none" } = {}): Gelu {
  checkKeys("gelu", options, ["approximate"]);
  const { approximate = "tanh" } = options;
  return checked(approximate === "tanh" ? { kind: "gelu" } : { kind: "gelu", approximate });
}
