import type { Services } from "./chrome.ts";
import { inSession, say, trainedLine } from "./session.ts";
import { plan } from "./start.ts";
import { textTable } from "../report/index.ts";

export async function main(argv: string[], services: Services): Promise<number> {
  return inSession(services, "webgpu", async (session) => {
    const a = await session.perform("x", plan.sweep);
    say(textTable(a.result));
    say(trainedLine(a.result));
    for (const [n, lr] of [["adam", 0.01], ["adam", 0.003],["momentum", 0.1], ["momentum", 0.3], ["sgd", 1], ["sgd", 0.3],["adam", 0.03]] as [string, number][]) {
      for (const seed of argv[1] ? [1, 2, 3, 4, 5] : [1]) {
        const b = await session.perform("y", plan.full({ name: n, lr, options: {}, schedule: "constant" }, seed));
        say(`${n} ${lr} seed ${seed} val ${b.result.entries[0]?.runs[0]?.validation.accuracy} test ${b.result.winner?.test.accuracy}; ${trainedLine(b.result)}`);
      }
    }
    return 0;
  });
}
