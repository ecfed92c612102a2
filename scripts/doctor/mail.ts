import { verifySmtp } from "../../lib/mail/smtp.ts";
import { readSmtp } from "../../lib/smtp-settings.ts";
import { messageOf } from "../embedded/problem.ts";
import { type Check, type Finding, failure, ok } from "./check.ts";
import type { Subject } from "./subject.ts";

export const MAIL: Check[] = [
  { id: "smtp", title: "the app's mail server", needs: ["variables"], run: checkSmtp },
  { id: "by-hand", title: "what Supabase doesn't tell", run: lookByHand },
];

async function checkSmtp({ settings, isEmbedded }: Subject): Promise<Finding> {
  const { settings: smtp } = readSmtp(settings);
  if (!smtp && isEmbedded) return ok("No mail server is set: `npm run dev` shows all e-mails at /dev/mail");
  if (!smtp)
    return ok("The app sends no e-mail, because SMTP_HOST isn't set: admins copy the links of invitations");
  try {
    await verifySmtp(smtp);
    return ok(`${smtp.host} takes mail from the app${smtp.login ? ", with its password" : ""}`);
  } catch (error) {
    return failure(
      messageOf(error),
      "Check SMTP_HOST, SMTP_PORT, SMTP_USER, and SMTP_PASS with your mail provider. Some networks block port 25 and 587.",
    );
  }
}

/** Its API has no word on these, and to try them would use something up. */
function lookByHand({ settings, isEmbedded }: Subject): Finding[] {
  if (isEmbedded) return [];
  const look = (says: string, remedy: string): Finding => ({ verdict: "look", says, remedy });
  return [
    look(
      "Supabase Auth's own mail server and templates",
      "Authentication → Emails: an SMTP server of your own, and the five files of supabase/templates.",
    ),
    ...(settings.CLIENT_ADDRESS_HEADER
      ? [look("IP address forwarding", "Authentication → Rate Limits: on.")]
      : []),
  ];
}
