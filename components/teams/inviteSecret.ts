import { PENDING_INVITE } from "@/lib/auth/pending-invite";

const STORAGE_KEY = "invite";
/** Time to create an account and to open the link in the confirmation e-mail. */
const KEPT_SECONDS = 60 * 60;

/**
 * Takes the invitation's secret from the address bar, or from where it was kept over a sign-in, and leaves it in
 * neither.
 *
 * @returns null if there is none
 */
export function takeInviteSecret(): string | null {
  const kept = readKept(localStorage.getItem(STORAGE_KEY));
  localStorage.removeItem(STORAGE_KEY);
  setCookie(0);
  const fragment = window.location.hash.slice(1);
  // A report or a session of Supabase Auth's is there under names; FragmentNotice takes it.
  const inAddress = fragment.includes("=") ? "" : fragment;
  if (inAddress) window.history.replaceState(null, "", window.location.pathname);
  return inAddress || kept;
}

/**
 * Keeps it over a sign-in, for an hour: not in this tab alone, because the link in a confirmation e-mail opens another
 * one.
 */
export function keepInviteSecret(secret: string): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify({ secret, until: Date.now() + KEPT_SECONDS * 1_000 }));
  setCookie(KEPT_SECONDS);
}

function setCookie(seconds: number): void {
  const secure = window.location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
  document.cookie = `${PENDING_INVITE}=1; Path=/; Max-Age=${seconds}; SameSite=Lax${secure}`;
}

function readKept(text: string | null): string | null {
  try {
    const { secret, until } = JSON.parse(text ?? "{}");
    return typeof secret === "string" && until > Date.now() ? secret : null;
  } catch {
    return null;
  }
}
