import { keepForm } from "@/app/login/flash";
import { noticeHref } from "@/app/login/notices";
import { emailOf } from "@/lib/auth/credentials";
import { accountProblem } from "@/lib/auth/messages";
import { requireGoodPassword } from "@/lib/auth/new-password";
import { dropResetToken, readResetUser, setNewPassword } from "@/lib/auth/reset";
import { endSessions } from "@/lib/auth/sign-out";
import { methodNotAllowed } from "@/lib/vault/http/respond";
import { answerFields } from "../answer";

// Sessions that the auth server did not end are ended after the reply.
export const maxDuration = 120;

/** Sets a new password and ends every session, that of the link too. Whoever chose it signs in with it. */
export function POST(request: Request): Promise<Response> {
  return answerFields(
    request,
    "new-password",
    () => "/new-password",
    async (fields) => {
      const user = await readResetUser();
      if (!user) throw accountProblem("reset_link_ended");
      // A second link may have been opened since the page was.
      if (emailOf(fields) !== user.email) throw accountProblem("reset_link_replaced");
      if (!fields.password) throw accountProblem("password_missing");
      requireGoodPassword(fields.password, user.email);
      const isNew = await setNewPassword(user.token, fields.password);
      // Also where the password stays: the answer to a first try may have been lost.
      const isOver = await endSessions(user.token, "global");
      await dropResetToken();
      await keepForm("sign-in", user.email);
      if (!isOver) return noticeHref("password-unconfirmed");
      return noticeHref(isNew ? "password-changed" : "password-kept");
    },
  );
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
