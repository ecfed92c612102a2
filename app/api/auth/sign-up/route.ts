import { keepForm } from "@/app/login/flash";
import { afterSignIn, INVITE } from "@/app/login/next";
import { confirmSignIn } from "@/lib/auth/confirmation";
import { explainAuthError } from "@/lib/auth/explain";
import { INVITED } from "@/lib/auth/invited";
import { unavailable } from "@/lib/auth/messages";
import { requireGoodPassword } from "@/lib/auth/new-password";
import { noticeHref } from "@/lib/auth/notices";
import { forgetReset } from "@/lib/auth/reset";
import { env } from "@/lib/env";
import { sessionClient } from "@/lib/supabase/server";
import { methodNotAllowed } from "@/lib/vault/http/respond";
import { answerForm } from "../answer";

/** Creates an account; where the project confirms e-mails, the session comes with the confirmation. */
export function POST(request: Request): Promise<Response> {
  return answerForm(request, "sign-up", async (credentials, next) => {
    requireGoodPassword(credentials.password, credentials.email);
    const { auth } = await sessionClient();
    const options = {
      emailRedirectTo: `${env().siteOrigin}/auth/confirm`,
      ...(next.next === INVITE && { data: { [INVITED]: true } }),
    };
    const { data, error } = await auth.signUp({ ...credentials, options }).catch((cause) => {
      throw unavailable(cause);
    });
    if (error) throw explainAuthError(error);
    if (data.session) {
      await confirmSignIn(data.session);
      await forgetReset();
      return afterSignIn(next);
    }
    if (!data.user?.id) throw unavailable(undefined);
    await keepForm("sign-in", credentials.email);
    return noticeHref("sent");
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
