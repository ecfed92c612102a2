/** The fields of the forms on the way in. */
export type Field = "email" | "password" | "code";

/**
 * The field that a refusal is about, by the beginning of its code; undefined for the form as a whole.
 *
 * @param code see ACCOUNT_PROBLEMS
 */
export function fieldOf(code: string): Field | undefined {
  if (code.startsWith("email_address_")) return "email";
  if (code === "wrong_code" || code === "code_malformed") return "code";
  // It never says which of the two is wrong; the password is the one to type again.
  return code.startsWith("password_") || code === "invalid_credentials" ? "password" : undefined;
}

/** What bcrypt, with which Supabase Auth hashes passwords, reads of one: the rest would not count. */
const MAX_PASSWORD_BYTES = 72;

/** Whether a new password is longer than the auth server can tell apart. In UTF-8, as it is sent. */
export const isTooLong = (password: string) => new TextEncoder().encode(password).length > MAX_PASSWORD_BYTES;

export const TOO_LONG =
  "This password is too long: the limit is 72 bytes. Most letters take one byte, an emoji four.";
