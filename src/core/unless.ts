// Work that something else may break. Promise.race would leave the work's result at what never breaks, for as long as that lives.

interface Guard {
  readonly rejects: Set<(error: unknown) => void>;
  broke: boolean;
}

/** By what breaks. */
const guards = new WeakMap<Promise<never>, Guard>();

function guardOf(broken: Promise<never>): Guard {
  const known = guards.get(broken);
  if (known) return known;
  const guard: Guard = { rejects: new Set(), broke: false };
  guards.set(broken, guard);
  broken.catch((error: unknown) => {
    guard.broke = true;
    for (const reject of guard.rejects) reject(error);
    guard.rejects.clear();
  });
  return guard;
}

/** As Promise.race([work, broken]), with nothing left behind at `broken` once the work is done. */
export function unless<T>(work: Promise<T>, broken: Promise<never>): Promise<T> {
  const guard = guardOf(broken);
  if (guard.broke) return Promise.race([work, broken]);
  return new Promise<T>((resolve, reject) => {
    guard.rejects.add(reject);
    work.then(resolve, reject).finally(() => guard.rejects.delete(reject));
  });
}
