const STORAGE_KEY = "notice";

/** Keeps a sentence for the next page that is loaded in this tab. */
export function keepNotice(text: string): void {
  sessionStorage.setItem(STORAGE_KEY, text);
}

/** Takes it, once; null if there is none. */
export function takeNotice(): string | null {
  const kept = sessionStorage.getItem(STORAGE_KEY);
  sessionStorage.removeItem(STORAGE_KEY);
  return kept;
}
