// Cross-entropy with all its options; takes the place of the plain kind when it is loaded.
import { fail } from "../core/check.ts";
import { constant } from "../graph/node.ts";
import { softmaxCrossEntropy } from "../ops/cross_entropy.ts";
import { softCrossEntropy } from "../ops/soft_cross_entropy.ts";
import { type CrossEntropy, crossEntropyKind } from "./cross_entropy.ts";
import { defineLossKind } from "./losses.ts";
import { rowWeights } from "./row_weights.ts";

defineLossKind<CrossEntropy>({
  ...crossEntropyKind,
  build(z, labels, { labelSmoothing: smoothing = 0, classWeights }, rows) {
    const [batch = 1, width = 1] = z.shape;
    if (classWeights && classWeights.length !== width) {
      fail("crossEntropy", `${classWeights.length} class weights, expected ${width}, the model's classes`);
    }
    const classes = classWeights && { labels, weights: classWeights };
    const weights = rowWeights(z, rows, classes);
    if (!weights && smoothing === 0) return softmaxCrossEntropy(z, labels);
    const attributes = { smoothing, ...(classWeights ? { classes: classWeights.map(Math.fround) } : {}) };
    return softCrossEntropy(z, labels, weights ?? constant(1, [batch]), attributes);
  },
});
