// Cross-entropy as a loss: the model ends in logits, without a softmax of its own.
import { softmaxCrossEntropy } from "../ops/cross_entropy.ts";
import { defineLossKind, type Loss } from "./losses.ts";

defineLossKind({ kind: "crossEntropy", against: "labels", accuracy: true, minWidth: 2, build: softmaxCrossEntropy });

/** Mean softmax cross-entropy, in nats, of logits [batch, classes] and integer labels: PyTorch's CrossEntropyLoss. */
export const crossEntropy = (): Loss => ({ kind: "crossEntropy" });
