import { keepForm } from "@/app/login/flash";
import { emailAddress, emailOf } from "@/lib/auth/credentials";
import { sendResetLink } from "@/lib/auth/recover";
import { methodNotAllowed } from "@/lib/vault/http/respond";
import { answerFields } from "../answer";

/** Sends a link to choose a new password to somebody who has an account, and says the same to everybody. */
export function POST(request: Request): Promise<Response> {
  return answerFields(
    request,
    "forgot-password",
    () => "/forgot-password",
    async (fields) => {
      const email = emailAddress(emailOf(fields));
      await sendResetLink(email);
      await keepForm("forgot-password", email);
      return "/forgot-password?sent=true";
    },
  );
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
