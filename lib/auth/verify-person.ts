import "server-only";
import { z } from "zod";
import { sessionClient } from "../supabase/server";
import type { SessionUser } from "../vault/session/session";
import { isForeignCode, verifyCode } from "./code";
import { requirePassword } from "./present-password";
import { recordFailure } from "./record-failure";

/** What a person proves with that they are who the session says. */
export const proof = z.strictObject({
  password: z
    .string("Enter your password.")
    .min(1, "Enter your password.")
    .max(256, "A password can have at most 256 characters."),
  /** Of an authenticator app, for people who have one. */
  code: z.string("Enter the code.").optional(),
});

/** Bytes; each character may be escaped. */
export const MAX_PROOF_BYTES = 4_096;

/**
 * Checks that somebody knows the password of the person whose session it is, and has their authenticator if they use
 * one. Both, because anyone with a stolen session can set up an authenticator of their own at the auth server.
 *
 * @throws Problem wrong_password, too_many_attempts, account_blocked, auth_unavailable; those of a code
 */
export async function verifyPerson(user: SessionUser, { password, code }: z.infer<typeof proof>) {
  await requirePassword(user, password);
  if (!user.hasSecondFactor) return;
  await verifyCode(await sessionClient(), code ?? "").catch(async (error) => {
    if (isForeignCode(error)) await recordFailure(user.id);
    throw error;
  });
}
