/** Long enough for a slow database, short enough that a person still waits for the answer. */
export const TIMEOUT_MS = 8_000;

/** `fetch` for Supabase clients: never cached by Next, and never without an end. */
export const boundedFetch: typeof fetch = (input, init) => {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  return fetch(input, { ...init, cache: "no-store", signal });
};
