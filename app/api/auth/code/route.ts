import { codeHref, loginHref } from "@/app/login/href";
import { afterSignIn } from "@/app/login/next";
import { verifyCode } from "@/lib/auth/code";
import { sessionClient } from "@/lib/supabase/server";
import { Problem } from "@/lib/vault/http/problem";
import { methodNotAllowed } from "@/lib/vault/http/respond";
import { answerFields } from "../answer";

/** Takes the second factor's code after a correct password, and sets the session cookie again. */
export function POST(request: Request): Promise<Response> {
  return answerFields(request, "code", codeHref, async ({ code = "" }, next) => {
    try {
      await verifyCode(await sessionClient(), code);
    } catch (error) {
      // There's nothing left for a code to complete: the session has ended in the meantime.
      if (error instanceof Problem && error.code === "unauthenticated") return loginHref("sign-in", next);
      throw error;
    }
    return afterSignIn(next);
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
