// The losses the command knows by name: all that have no options.
import { losses } from "../nn/losses.ts";
import "../nn/index.ts";

export const lossNames: readonly string[] = [...losses.keys()];
