// A checkpoint's model in a worker, as its caller sees it.
import { fail } from "../core/check.ts";
import { decodeCheckpoint } from "../train/checkpoint.ts";
import type { LoadedModel } from "../train/model.ts";
import { prediction, type Prediction } from "../train/prediction.ts";
import type { Recipe } from "../train/recipe.ts";
import type { Line } from "./line.ts";
import type { Work } from "./protocol.ts";

/** Opens it there: rejects, as in one's own thread, for a checkpoint that is none of one run with its data's facts. */
export async function remoteModel(line: Line, work: Work & { kind: "model" }): Promise<LoadedModel> {
  const { recipe, data, step } = decodeCheckpoint(work.bytes);
  const id = line.number();
  await line.ask((host) => host.begin(id, work));
  const { shape, classes } = data ?? fail("loadModel", "the checkpoint says nothing of its data");
  const call = <T>(method: string, ...args: readonly unknown[]): Promise<T> =>
    line.ask((host) => host.call(id, method, args)) as Promise<T>;
  return {
    ...{ shape, classes, recipe: recipe as Recipe, step },
    async predict(x) {
      const { values, width } = await call<Prediction>("predict", x);
      return prediction(values, width, classes);
    },
    parameters: () => call("parameters"),
    close: () => void line.ask((host) => host.end(id)).catch(() => {}),
  };
}
