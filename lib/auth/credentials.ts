import "server-only";
import { z } from "zod";
import { vaultProblem } from "../vault/errors";
import { receiveBody } from "../vault/http/guard";
import { accountProblem } from "./messages";

/** An address and a password, as their person typed them. */
export interface Credentials {
  email: string;
  password: string;
}

/** Room for an address, a password that is far too long, and where to go; three bytes for each byte of them. */
const MAX_FORM_BYTES = 16_384;

/** RFC 5321, 4.5.3.1.3. */
const MAX_EMAIL_LENGTH = 254;

/**
 * Reads what a form sends, by JavaScript or without.
 *
 * @throws Problem unsupported_media_type, payload_too_large, request_timeout; invalid_request for a field that is
 *   there twice
 */
export async function readForm(request: Request): Promise<Record<string, string>> {
  const read = await receiveBody(request, MAX_FORM_BYTES, "application/x-www-form-urlencoded");
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(read().toString())) {
    if (name in fields) throw vaultProblem("invalid_request", { detail: "A field was sent twice." });
    fields[name] = value;
  }
  return fields;
}

/**
 * The address and the password of a form.
 *
 * @throws Problem email_address_malformed, password_missing
 */
export function credentialsOf(fields: Record<string, string>): Credentials {
  const email = emailAddress(emailOf(fields));
  if (!fields.password) throw accountProblem("password_missing");
  return { email, password: fields.password };
}

/**
 * An address as it was entered, without the white space around it.
 *
 * @throws Problem email_address_malformed
 */
export function emailAddress(entered: string): string {
  const email = entered.trim();
  if (email.length > MAX_EMAIL_LENGTH) {
    const detail = `An e-mail address can have at most ${MAX_EMAIL_LENGTH} characters.`;
    throw accountProblem("email_address_malformed", { detail });
  }
  if (!z.email().safeParse(email).success) throw accountProblem("email_address_malformed");
  return email;
}

/** What was entered as the address, right or not. */
export const emailOf = ({ email = "" }: Record<string, string>) => email.trim();
