// The tiles in workgroup memory: for real GPUs, loaded where a tuning table names them.
import blocks from "../../shaders/lib/blocks.wgsl?raw";
import shared from "../../shaders/ops/matmul_shared.wgsl?raw";
import shared1x4 from "../../shaders/ops/matmul_shared_1x4.wgsl?raw";
import shared8x8 from "../../shaders/ops/matmul_shared_8x8.wgsl?raw";
import { defineLib } from "../kernel/lib.ts";
import { defineTile } from "./matmul.ts";
import "./matmul_4x4.ts";

defineLib(blocks);
defineTile("shared", shared);
defineTile("shared_1x4", shared1x4);
defineTile("shared_8x8", shared8x8);
