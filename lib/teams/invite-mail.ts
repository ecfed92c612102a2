import "server-only";
import { z } from "zod";
import { canSendMail, sendMail } from "../mail/send";
import { takeMailTurn } from "../mail/turns";
import { limitTurns } from "../vault/http/turns";
import { teamProblem } from "./errors";
import { quotable } from "./quotable";
import type { NewInvite, TeamSummary } from "./types";

const ENOUGH =
  "This address has received several e-mails within an hour. Create a link without an address, and send it yourself.";
const takeTurn = limitTurns(5, (retryAfter) => teamProblem("invite_mail_rate_limited", { retryAfter }));

/**
 * Says whether an invitation of this person may be sent by mail now, and counts it: the server is no tool to write to
 * strangers with.
 *
 * @param to the address, checked
 * @throws Problem mail_unavailable; invite_mail_rate_limited for the sixth mail within a minute, and for the sixth within an
 *   hour to one address
 */
export function requireMail(userId: string, to: string): void {
  if (!canSendMail()) throw teamProblem("mail_unavailable");
  takeTurn(userId);
  if (!takeMailTurn(to)) throw teamProblem("invite_mail_rate_limited", { detail: ENOUGH });
}

/**
 * Sends an invitation's link.
 *
 * @param to an address, checked
 * @param from the admin's own address
 * @returns whether the mail was handed over. If not, the admin still has the link, and one line is in the log.
 */
export async function mailInvite(
  to: string,
  { url, role, expires_at }: NewInvite,
  team: Pick<TeamSummary, "name">,
  from: string,
): Promise<boolean> {
  const name = quotable(team.name) || "a team";
  const inviter = z.email().safeParse(from).success ? from : "An admin";
  const text = [
    `${inviter} invited you to join ${name} in Command Center as ${role === "admin" ? "an admin" : "a member"}.`,
    "Open this link to join:",
    url,
    `The link works once, until ${day.format(new Date(expires_at))} (UTC). You'll sign in or create an account first.`,
    "If you weren't expecting this invitation, you can ignore this e-mail.",
  ].join("\n\n");
  try {
    await sendMail({ to, subject: `Invitation to join ${name}`, text });
    return true;
  } catch (error) {
    console.warn(error instanceof Error ? error.message : "An e-mail could not be sent.");
    return false;
  }
}

const day = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" });
