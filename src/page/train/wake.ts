// Keeps the screen awake while a training runs, where the browser can.

let lock: WakeLockSentinel | undefined;
let wanted = false;

async function take(): Promise<void> {
  if (!wanted || lock || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
  // Refused on a low battery or by the page's frame: the training goes on without.
  const got = await navigator.wakeLock.request("screen").catch(() => undefined);
  if (!got) return;
  if (!wanted) return void got.release();
  lock = got;
  got.addEventListener("release", () => {
    lock = undefined;
  });
}

/** True from now on keeps the screen awake, false lets it sleep. A hidden page loses its lock and takes it again when shown. */
export function holdAwake(hold: boolean): void {
  wanted = hold;
  if (hold) void take();
  else void lock?.release();
}

globalThis.document?.addEventListener("visibilitychange", () => void take());
