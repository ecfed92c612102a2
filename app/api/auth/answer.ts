import "server-only";
import { canShow, dropKept, type FormName, keepForm } from "@/app/login/flash";
import { loginHref, type Mode, type Next } from "@/app/login/href";
import { readNext } from "@/app/login/next";
import { type Credentials, credentialsOf, emailOf, readForm } from "@/lib/auth/credentials";
import { seeOther } from "@/lib/auth/see-other";
import { requireSameOrigin } from "@/lib/vault/http/guard";
import { json, logAnswer, respond, toProblem } from "@/lib/vault/http/respond";

/** {@link answerFields} for the two forms with an address and a password. */
export function answerForm(
  request: Request,
  mode: Mode,
  work: (credentials: Credentials, next: Next) => Promise<string>,
): Promise<Response> {
  return answerFields(
    request,
    mode,
    (next) => loginHref(mode, next),
    (fields, next) => work(credentialsOf(fields), next),
  );
}

/**
 * Answers one of the forms on the way in. With JavaScript, the page asks for JSON: `{ to }`, or a problem reply.
 * Without, the browser is sent on, or back to the form, which then says why.
 *
 * @param hrefOf the page of the form
 * @param work does what the form asks for, and returns the path to go to
 */
export function answerFields(
  request: Request,
  form: FormName,
  hrefOf: (next: Next) => string,
  work: (fields: Record<string, string>, next: Next) => Promise<string>,
): Promise<Response> {
  const wantsJson = (request.headers.get("accept") ?? "").includes("application/json");
  return respond(async () => {
    // Signing somebody in unasked is an attack too: what they store then is in the attacker's account.
    requireSameOrigin(request);
    const fields = await readForm(request);
    const next = readNext(fields);
    try {
      await dropKept();
      const to = await work(fields, next);
      return wantsJson ? json({ to }) : seeOther(to);
    } catch (error) {
      const problem = toProblem(error);
      if (wantsJson || !canShow(problem.code)) throw problem;
      logAnswer(problem);
      await keepForm(form, emailOf(fields), problem.code);
      return seeOther(hrefOf(next));
    }
  });
}
