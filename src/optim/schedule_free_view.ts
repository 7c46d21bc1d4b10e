// What schedule-free descent is evaluated at.
import wgsl from "../../shaders/optim/schedule_free_view.wgsl?raw";
import { defineRule } from "./rule.ts";

export const scheduleFreeViewRule = defineRule({
  name: "scheduleFreeView",
  wgsl,
  options: { beta: 0.9 },
  borrows: ["z"],
  fields: ({ beta = 1 }) => ({ inverse: 1 / beta }),
  reference: (_, p, { inverse = 1 }, [z = 0]) => z + inverse * (p - z),
  bound: (by, _, p, { inverse }, [z]) => by.add(z!, by.multiply(inverse!, by.subtract(p, z!))),
});
