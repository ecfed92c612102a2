const STORAGE_KEY = "invite";

/**
 * Takes the invitation's secret from the address bar, or from where it was kept over a sign-in, and leaves it in
 * neither.
 *
 * @returns null if there is none
 */
export function takeInviteSecret(): string | null {
  const kept = sessionStorage.getItem(STORAGE_KEY);
  sessionStorage.removeItem(STORAGE_KEY);
  const inAddress = window.location.hash.slice(1);
  if (inAddress) window.history.replaceState(null, "", window.location.pathname);
  return inAddress || kept;
}

/** Keeps it over a sign-in, in this tab. */
export function keepInviteSecret(secret: string): void {
  sessionStorage.setItem(STORAGE_KEY, secret);
}
