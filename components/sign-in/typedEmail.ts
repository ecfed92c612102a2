const STORAGE_KEY = "typed-email";

/** Keeps an e-mail address in this tab, for the next of the forms. Without storage, it is typed again. */
export function keepTypedEmail(email: string): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, email);
  } catch {
    // A browser may refuse.
  }
}

/** What was typed last in this tab. */
export function readTypedEmail(): string {
  try {
    return sessionStorage.getItem(STORAGE_KEY) ?? "";
  } catch {
    return "";
  }
}
