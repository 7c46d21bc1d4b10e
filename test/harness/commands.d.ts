// The browser commands of vitest.config.ts, as tests call them: import { commands } from "vitest/browser".
// vitest takes this export from the types of a provider that is not installed here.

import "vitest/browser";

declare module "vitest/browser" {
  export const commands: {
    crashGpu: () => Promise<void>;
  };
}
