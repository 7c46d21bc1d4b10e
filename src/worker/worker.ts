// The worker's entry, and fall-line/worker: import it in a worker of your own, beside the rules and layers you define there.
import { serve } from "./serve.ts";

export { known } from "./known.ts";

serve();
