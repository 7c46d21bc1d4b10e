// The tiles 16 rows high, whose quads share what they load: for software adapters, loaded where a tuning table names them.
import quad from "../../shaders/lib/quad.wgsl?raw";
import tile16x4 from "../../shaders/ops/matmul_16x4.wgsl?raw";
import tile16x8 from "../../shaders/ops/matmul_16x8.wgsl?raw";
import tile16x16 from "../../shaders/ops/matmul_16x16.wgsl?raw";
import { defineLib } from "../kernel/lib.ts";
import { defineTile } from "./matmul.ts";
import "./matmul_4x4.ts";

defineLib(quad);
defineTile("16x4", tile16x4);
defineTile("16x8", tile16x8);
defineTile("16x16", tile16x16);
