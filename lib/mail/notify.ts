import "server-only";
import { logProblem } from "../vault/http/log";
import { toProblem } from "../vault/http/respond";
import { countTurns } from "../vault/http/turns";
import { canSendMail, sendMail } from "./send";
import type { Mail } from "./smtp";

/** An admin who changes a limit, or a key, again and again would otherwise fill the other admins' mailboxes. */
const MOST = 10;
const WINDOW_MS = 60 * 60_000;
const take = countTurns(MOST, WINDOW_MS);

/**
 * Sends people a notice, one mail each, if mail is set up; at most 10 of a kind per hour to one address. Never rejects: a mail
 * that couldn't be sent is a line in the log.
 *
 * @param kind of the notice, one word
 * @param addresses of accounts, or from the environment; never ones that someone has just entered
 */
export async function notifyByMail(
  kind: string,
  addresses: readonly string[],
  { subject, text }: Omit<Mail, "to">,
): Promise<void> {
  if (!canSendMail()) return;
  const due = [...new Set(addresses)].filter((to) => take(`${kind} ${to.toLowerCase()}`) === 0);
  await Promise.all(
    due.map((to) => sendMail({ to, subject, text }).catch((error) => logProblem(toProblem(error)))),
  );
}
