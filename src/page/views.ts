// The page's views in the order of their tabs. Each is a component in views/, loaded when it is first shown.
import type { ComponentType } from "preact";

export interface View {
  readonly name: string;
  readonly label: string;
  readonly load: () => Promise<ComponentType>;
}

export const views: readonly View[] = [
  { name: "train", label: "Train", load: async () => (await import("./views/train.tsx")).Train },
];
