import { codeHref } from "@/app/login/href";
import { afterSignIn } from "@/app/login/next";
import { confirmSignIn } from "@/lib/auth/confirmation";
import { explainAuthError } from "@/lib/auth/explain";
import { unavailable } from "@/lib/auth/messages";
import { forgetReset } from "@/lib/auth/reset";
import { sessionClient } from "@/lib/supabase/server";
import { methodNotAllowed } from "@/lib/vault/http/respond";
import { isVerified, readFactors } from "@/lib/vault/session/session";
import { answerForm } from "../answer";

/** Signs in and sets the session cookie; leads to the page for the code where the person has a second factor. */
export function POST(request: Request): Promise<Response> {
  return answerForm(request, "sign-in", async (credentials, next) => {
    const { auth } = await sessionClient();
    const { data, error } = await auth.signInWithPassword(credentials).catch((cause) => {
      throw unavailable(cause);
    });
    if (error) throw explainAuthError(error);
    await confirmSignIn(data.session);
    await forgetReset();
    return readFactors(data.user.factors)?.some(isVerified) ? codeHref(next) : afterSignIn(next);
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
