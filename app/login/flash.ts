import "server-only";
import { cookies } from "next/headers";
import { z } from "zod";
import type { FormState } from "@/components/sign-in/formState";
import { ACCOUNT_PROBLEMS, UNAVAILABLE } from "@/lib/auth/messages";
import { env } from "@/lib/env";
import { VAULT_PROBLEMS } from "@/lib/vault/errors";
import { serverCookie } from "@/lib/vault/session/cookies";

// What the form shows once after a submission without JavaScript, kept in a cookie rather than in the address, where
// it would be in histories and logs. A sibling host can write the cookie, so it is checked like any other input, and
// holds codes of sentences rather than sentences.

const NAME = "sign-in-form";
const options = () => ({ ...serverCookie(env().siteOrigin), maxAge: 60 });

/** The sentences that a code may stand for. */
const SENTENCES: Record<string, { detail: string }> = {
  ...ACCOUNT_PROBLEMS,
  auth_unavailable: { detail: UNAVAILABLE },
  internal: VAULT_PROBLEMS.internal,
};

const flash = z.object({
  mode: z.enum(["sign-in", "sign-up", "code", "forgot-password", "new-password"]),
  code: z
    .string()
    .refine((code) => Object.hasOwn(SENTENCES, code))
    .optional(),
  // As it was entered, so that it can be corrected; it is shown in its field and nowhere else.
  email: z
    .string()
    .max(254)
    .regex(/^\P{C}*$/u)
    .catch(""),
});

/** The forms that it is kept for. */
export type FormName = z.infer<typeof flash>["mode"];

/** Whether the form has a sentence for this code. */
export const canShow = (code: string) => Object.hasOwn(SENTENCES, code);

/** Keeps for the page what it shows next, for a minute. What has not its form is not kept. */
export async function keepForm(mode: FormName, email: string, code?: string): Promise<void> {
  const kept = flash.safeParse({ mode, email, code });
  if (kept.success) (await cookies()).set(NAME, JSON.stringify(kept.data), options());
}

/** What was kept for this form; nothing where there is none, or it is no such thing. */
export async function readKept(mode: FormName): Promise<FormState> {
  const text = (await cookies()).get(NAME)?.value;
  const kept = text === undefined ? undefined : parse(text);
  if (kept?.mode !== mode) return {};
  const { email, code } = kept;
  const message = SENTENCES[code ?? ""]?.detail;
  return { email, ...(code && message && { failure: { code, message } }) };
}

function parse(text: string): z.infer<typeof flash> | undefined {
  try {
    return flash.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Forgets it. */
export async function dropKept(): Promise<void> {
  (await cookies()).set(NAME, "", { ...options(), maxAge: 0 });
}
