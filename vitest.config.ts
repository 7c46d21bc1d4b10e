import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { crashGpu, puppeteerProvider } from "./test/harness/provider.ts";
import { PlainReporter } from "./test/harness/reporter.ts";

// As fall-line validate has it: a user's module imports the very modules that validate it.
const resolve = { alias: [{ find: /^fall-line$/, replacement: new URL("src/index.ts", import.meta.url).pathname }] };

/** The GPU tests in Node on Dawn, for a GPU machine without a browser; what needs a browser's workers, files and processes stays out. */
const native: TestProjectConfiguration = {
  resolve,
  test: {
    name: "native",
    environment: "node",
    include: ["test/gpu/**/*.test.ts"],
    exclude: ["loss", "worker", "checkpoints"].map((name) => `test/gpu/${name}.test.ts`),
    setupFiles: ["test/harness/native.ts", "test/harness/adapter.ts"],
    pool: "forks",
    testTimeout: 300_000,
    hookTimeout: 300_000,
    sequence: { groupOrder: 1 },
  },
};

// Two projects: node runs anywhere, gpu runs in headless Chrome and fails where there is no adapter. With DAWN_NODE a third.
export default defineConfig({
  test: {
    reporters: [new PlainReporter()],
    allowOnly: false,
    maxWorkers: 2,
    projects: [
      {
        resolve,
        test: {
          name: "node",
          environment: "node",
          include: ["test/node/**/*.test.ts", "src/**/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        base: "/",
        resolve,
        optimizeDeps: { include: ["comlink"] },
        test: {
          include: ["test/gpu/**/*.test.ts"],
          setupFiles: ["test/harness/adapter.ts"],
          isolate: false,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
          browser: {
            enabled: true,
            headless: true,
            ui: false,
            screenshotFailures: false,
            provider: puppeteerProvider(),
            commands: { crashGpu },
            instances: [{ browser: "chrome", name: "gpu" }],
          },
        },
      },
      ...(process.env.DAWN_NODE ? [native] : []),
    ],
  },
});
