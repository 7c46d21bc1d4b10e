// tanh and the sigmoid in forms that do not overflow: the shaders' helpers, for the modules whose shaders name them.
import wgsl from "../../shaders/lib/stable.wgsl?raw";
import { defineLib } from "../kernel/lib.ts";

defineLib(wgsl);
