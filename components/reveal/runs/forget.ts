// What Reveal keeps in this browser, and how all of it goes: see store.ts for what it is.

/** Every name in the browser's storage that Reveal uses begins with it. */
export const PREFIX = "reveal/";
/** When everything was forgotten last. It reaches pages that were not listening, too. */
const FORGOTTEN = `${PREFIX}forgotten`;
const EVENT = "reveal-forgotten";

/** A browser may refuse its storage, even to name it. */
export function storageOf(kind: "session" | "local"): Storage | null {
  try {
    return kind === "session" ? window.sessionStorage : window.localStorage;
  } catch {
    return null;
  }
}

/** The names in a storage that begin with this. */
export const namesIn = (storage: Storage, prefix: string): string[] =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "").filter((name) =>
    name.startsWith(prefix),
  );

function clear(storage: Storage | null): void {
  if (storage) for (const name of namesIn(storage, PREFIX)) storage.removeItem(name);
}

/** Forgets prompts and answers, here and in every other tab: for who signs out. Never throws. */
export function forgetRuns(): void {
  const local = storageOf("local");
  clear(storageOf("session"));
  clear(local);
  try {
    local?.setItem(FORGOTTEN, String(Date.now()));
  } catch {
    // Then other tabs keep theirs, until they are closed or somebody else signs in.
  }
  window.dispatchEvent(new Event(EVENT));
}

/** When everything was forgotten last, in milliseconds since 1970; 0 for never. */
export function forgottenAt(): number {
  const at = Number(storageOf("local")?.getItem(FORGOTTEN));
  // A time to come would keep everything from being kept.
  return at > 0 && at <= Date.now() ? at : 0;
}

/**
 * Calls back when everything is forgotten, in this tab or in another; this tab's storage is clear by then.
 *
 * @returns a function that ends it
 */
export function onForget(callback: () => void): () => void {
  const elsewhere = ({ key, newValue }: StorageEvent) => {
    if (key !== FORGOTTEN || newValue === null) return;
    clear(storageOf("session"));
    callback();
  };
  window.addEventListener(EVENT, callback);
  window.addEventListener("storage", elsewhere);
  return () => {
    window.removeEventListener(EVENT, callback);
    window.removeEventListener("storage", elsewhere);
  };
}
