// The whole library as one file, for a plain <script type="module">: in a worker that openBackend made, it works.
import { known } from "./worker/known.ts";
import { WORKER_NAME } from "./worker/protocol.ts";
import { serve } from "./worker/serve.ts";

export * from "./index.ts";

/** A worker of your own may import this file as well: only one of ours, known by its name, listens. */
const ours = typeof document === "undefined" && typeof self === "object" && self.name === WORKER_NAME;
if (ours && known.some((family) => Object.keys(family).length > 0)) serve();
