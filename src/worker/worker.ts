// The worker's entry, and fall-line/worker: import it in a worker of your own, beside the rules and layers you define there.
import { known } from "./known.ts";
import { serve } from "./serve.ts";

// Used, so that a bundle holds all of them.
if (known.some((family) => Object.keys(family).length > 0)) serve();
