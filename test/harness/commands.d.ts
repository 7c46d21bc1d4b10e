// The browser commands of vitest.config.ts, as tests call them: import { commands } from "vitest/browser".

import "vitest/browser";

declare module "vitest/browser" {
  interface BrowserCommands {
    crashGpu: () => Promise<void>;
  }
}
