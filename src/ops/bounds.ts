// The error bounds of all kernels, for lockstep and validation; a bundle that only trains never imports them.
import "./batch.bounds.ts";
import "./bias.bounds.ts";
import "./cross_entropy.bounds.ts";
import "./elementwise.bounds.ts";
import "./gather.bounds.ts";
import "./layer_norm.bounds.ts";
import "./matmul.bounds.ts";
import "./scale.bounds.ts";
import "./softmax.bounds.ts";
import "./regression_metrics.bounds.ts";
import "./row_weights.bounds.ts";
import "./soft_cross_entropy.bounds.ts";
import "./split_sums.bounds.ts";
import "./sum.bounds.ts";
import "./target_loss.bounds.ts";
