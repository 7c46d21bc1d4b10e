// The page's views in the order of their tabs. Each is a component in views/, loaded when it is first shown.
import type { ComponentType } from "preact";

export interface View {
  readonly name: string;
  readonly label: string;
  readonly load: () => Promise<ComponentType>;
}

export const views: readonly View[] = [
  { name: "train", label: "Train", load: async () => (await import("./views/train.tsx")).Train },
  { name: "race", label: "Race", load: async () => (await import("./views/race.tsx")).Race },
  { name: "landscape", label: "Landscapes", load: async () => (await import("./views/landscape.tsx")).Landscapes },
  { name: "validate", label: "Validate", load: async () => (await import("./views/validate.tsx")).Validate },
];
