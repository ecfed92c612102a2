import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { AuthError } from "@supabase/supabase-js";
import { after } from "next/server";
import { emailAddress } from "../auth/credentials";
import { explainAuthError } from "../auth/explain";
import { accountProblem, unavailable } from "../auth/messages";
import { env } from "../env";
import { canSendMail, sendMail } from "../mail/send";
import { takeMailTurn } from "../mail/turns";
import { sessionClient } from "../supabase/server";
import { describeCause } from "../vault/http/cause";
import { logAnswer, toProblem } from "../vault/http/respond";
import type { SessionUser } from "../vault/session/session";
import { limitFailures } from "../vault/session/tries";

/** Milliseconds until the answer, whatever the auth server does meanwhile; it sends mails for some addresses only. */
const ANSWER_MS = 2_000;

/** Each sends up to three mails, one of them to an address that may be anybody's. */
const MOST_CHANGES = 5;
const WINDOW_MS = 60 * 60_000;
const TOO_OFTEN = {
  detail: "You've requested five changes within an hour. Try again in an hour.",
  retryAfter: WINDOW_MS / 1000,
};
const withinTries = limitFailures(MOST_CHANGES, WINDOW_MS, ANSWER_MS);

/**
 * Asks the auth server to change the address of the person of the current request: it mails links that confirm it. An
 * address that has an account gets the same answer, in the same time, and no link.
 *
 * @param entered the new address, unchecked
 * @throws Problem email_address_malformed, email_address_unchanged, email_address_refused; too_many_emails after five an
 *   hour; auth_unavailable
 */
export async function changeEmail(user: SessionUser, entered: string): Promise<void> {
  const email = emailAddress(entered);
  if (email.toLowerCase() === user.email.toLowerCase()) throw accountProblem("email_address_unchanged");
  const { auth } = await sessionClient();
  let isQuiet = false;
  const work = withinTries(
    user.id,
    async () => {
      // Its owner has had enough mails. The answer is the same, because it depends on the address.
      isQuiet = !takeMailTurn(email);
      if (isQuiet) return { error: null };
      const options = { emailRedirectTo: `${env().siteOrigin}/auth/confirm` };
      const { error } = await auth.updateUser({ email }, options).catch((cause) => {
        throw unavailable(cause);
      });
      return { error };
    },
    () => true,
  );
  const isLate = Symbol();
  const [first] = await Promise.all([Promise.race([work, sleep(ANSWER_MS, isLate)]), sleep(ANSWER_MS)]);
  if (first === isLate) after(() => work.then((late) => late?.error && complain(late.error)).catch(log));
  else if (!first) throw accountProblem("too_many_emails", TOO_OFTEN);
  else if (first.error) complain(first.error);
  if (canSendMail() && !isQuiet) after(() => tellNewAddress(email).catch(log));
}

/** What only an address without an account can meet, and so must look like what one with an account meets. */
const ONLY_NEW_ADDRESSES = ["too_many_emails", "email_limit_reached", "email_not_sent", "refused_by_rule"];
const TAKEN = ["email_exists", "user_already_exists"];

/** @throws what the person may know of the auth server's refusal */
function complain(error: AuthError): void {
  if (TAKEN.includes(error.code ?? "")) return;
  const problem = explainAuthError(error);
  // Auth sends mail after it has looked for the address, by SMTP or by a hook, whose own answers it passes on.
  const { code, status } = describeCause(problem.cause);
  const isAboutMail = status === 500 || String(code).startsWith("hook_");
  if (!isAboutMail && !ONLY_NEW_ADDRESSES.includes(problem.code)) throw problem;
  log(problem);
}

const log = (error: unknown) => logAnswer(toProblem(error));

/** Not every auth server writes to both addresses; the new one may be somebody else's. */
function tellNewAddress(email: string): Promise<void> {
  return sendMail({
    to: email,
    subject: "E-mail address change requested",
    text: `Someone asked to use this e-mail address for their account at ${env().siteOrigin}.

If it was you, open the link we sent to your current address and, if you got a second e-mail at this address, the link
in that one too.

If it wasn't you, ignore this e-mail: nothing changes without those links.
`,
  });
}
