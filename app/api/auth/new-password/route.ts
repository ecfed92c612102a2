import { keepForm } from "@/app/login/flash";
import { recordAccount } from "@/lib/activity/record";
import { hasApp, verifyCode } from "@/lib/auth/code";
import { emailOf } from "@/lib/auth/credentials";
import { accountProblem } from "@/lib/auth/messages";
import { requireGoodPassword } from "@/lib/auth/new-password";
import { noticeHref } from "@/lib/auth/notices";
import { forgetReset, readReset, setNewPassword } from "@/lib/auth/reset";
import { endSessions } from "@/lib/auth/sign-out";
import { methodNotAllowed, toProblem } from "@/lib/vault/http/respond";
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
      const reset = await readReset();
      if (!reset) throw accountProblem("reset_link_ended");
      const { session, user, factors, isCodeMissing } = reset;
      // A second link may have been opened since the page was.
      if (emailOf(fields) !== user.email) throw accountProblem("reset_link_replaced");
      if (!fields.password) throw accountProblem("password_missing");
      requireGoodPassword(fields.password, user.email);
      if (isCodeMissing && !hasApp(factors)) throw accountProblem("second_factor_required");
      if (isCodeMissing) await verifyCode(session, fields.code ?? "");
      const token = (await session.auth.getSession()).data.session?.access_token;
      if (!token) throw accountProblem("reset_link_ended");
      const isNew = await setNewPassword(token, fields.password).catch(async (problem) => {
        // Perhaps it is set, and the answer is lost. The link's own session stays, for another try.
        if (toProblem(problem).code === "auth_unavailable") await endSessions(token, "others");
        throw problem;
      });
      if (isNew) await recordAccount(user.id, "password_changed");
      // Also where the password stays: the answer to a first try may have been lost.
      const isOver = await endSessions(token, "global");
      if (!isNew && isOver) await recordAccount(user.id, "sessions_ended", { scope: "global" });
      await forgetReset();
      await keepForm("sign-in", user.email);
      if (!isOver) return noticeHref("password-unconfirmed");
      return noticeHref(isNew ? "password-changed" : "password-kept");
    },
  );
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
