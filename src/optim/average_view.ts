// The view of rules that keep an average of p.
import wgsl from "../../shaders/optim/average_view.wgsl?raw";
import { defineRule } from "./rule.ts";

export const averageViewRule = defineRule({
  name: "averageView",
  wgsl,
  options: {},
  borrows: ["average"],
  fields: () => ({ unit: 1 }),
  reference: (_u, _p, _f, [average = 0]) => average,
  bound: (_by, _u, _p, _f, [average]) => average!,
});
