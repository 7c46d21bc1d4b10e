// Trusted Types: the one place where the page makes an address a script may be loaded from, its own workers'.

interface Policy {
  createScriptURL(address: string): unknown;
}
interface Factory {
  createPolicy(name: string, rules: { createScriptURL: (address: string) => string }): Policy;
}

/** Only files that came with the page. */
function own(address: string): string {
  const { origin, protocol } = new URL(address, document.baseURI);
  if (protocol === "blob:" || origin === location.origin) return address;
  throw new TypeError(`page: ${address} is not one of the page's own scripts`);
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy("fall-line", { createScriptURL: own });

/** A module worker from a file of the page. */
export function startWorker(address: string): Worker {
  const trusted = policy ? policy.createScriptURL(address) : own(address);
  return new Worker(trusted as string, { type: "module" });
}
