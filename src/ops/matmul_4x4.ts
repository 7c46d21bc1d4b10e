// The tile of 4 x 4 results a thread, and the blocks that all tiles beyond the start tile load: with the tuning tables.
import loads from "../../shaders/lib/loads.wgsl?raw";
import wgsl from "../../shaders/ops/matmul_4x4.wgsl?raw";
import { defineLib } from "../kernel/lib.ts";
import { defineTile } from "./matmul.ts";

defineLib(loads);
defineTile("4x4", wgsl);
