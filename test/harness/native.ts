// Setup of the project native: WebGPU in Node before any test file asks for an adapter.
import { openDawn } from "../../bench/native/dawn.ts";

await openDawn();
