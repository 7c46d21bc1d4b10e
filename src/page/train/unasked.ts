// A page opened without settings in its address trains the first preset unasked, so that something moves; not on battery, not where
// motion is to be little, not beside a training that was left here, and not once a person has done anything.
import { stillness } from "../theme.ts";
import { left } from "./resume.ts";
import { phase, toggle } from "./store.ts";

type Batteries = Navigator & { getBattery?: () => Promise<{ readonly charging: boolean }> };

/** Milliseconds a browser has to tell: some never do, as Chrome without a power service. */
const PATIENCE = 500;

/** Whether the power is a battery's; browsers that do not tell have none. */
async function onBattery(): Promise<boolean> {
  const asked = (navigator as Batteries).getBattery?.().catch(() => undefined);
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE));
  const battery = await Promise.race([asked, late]);
  return battery?.charging === false;
}

const untouched = (): boolean =>
  location.hash === "" && phase.value === "ready" && !left.value && document.visibilityState === "visible";

/** Begins where it may once the worker is open and storage was looked at; the page's element says whether it did. */
export async function beginUnasked(ready: Promise<unknown>): Promise<void> {
  const wanted = location.hash === "" && !stillness();
  // Asked while the worker opens, for some browsers take their time.
  const [battery] = await Promise.all([wanted && onBattery(), ready]);
  const begins = wanted && !battery && untouched();
  document.documentElement.dataset.unasked = begins ? "begun" : "left";
  if (begins) toggle();
}
