import "server-only";
import { getSessionUser } from "../auth/session";
import { env } from "../env";
import { unknownAddress } from "../unknown-address";
import { methodNotAllowed, respond } from "../vault/http/respond";
import type { SessionUser } from "../vault/session/session";

/** In ASCII alone, as OPERATOR_EMAILS are: other letters have small forms that are ASCII, such as the Kelvin sign. */
const inLowerCase = (email: string) => email.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Whether somebody runs this site: their address is in OPERATOR_EMAILS, and the auth server has confirmed it. */
export const isOperator = (user: Pick<SessionUser, "email" | "isEmailConfirmed"> | null): boolean =>
  user?.isEmailConfirmed === true && env().operatorEmails.includes(inLowerCase(user.email));

/**
 * Who is signed in, if that is an operator. A person with a second factor is not signed in before they have given its
 * code.
 *
 * @returns null for everybody else
 * @throws Problem auth_unavailable
 */
export async function getOperator(): Promise<SessionUser | null> {
  // Where there are no operators, nobody is asked for.
  if (env().operatorEmails.length === 0) return null;
  const user = await getSessionUser();
  return isOperator(user) ? user : null;
}

type Handler = (request: Request) => Promise<Response>;
type Method = "GET" | "POST" | "PATCH";

/**
 * The handlers of an address of the operator's API, for every method. For everybody else the address is not there:
 * whatever they send, the answer is that of an unknown one, and no body is read before.
 *
 * @param handlers for the methods that it has
 */
export function operatorRoute(handlers: Partial<Record<Method, Handler>>) {
  const byMethod = new Map(Object.entries(handlers));
  const answer = (request: Request): Promise<Response> =>
    respond(async () => {
      if (!(await getOperator())) return unknownAddress(request);
      const handler = byMethod.get(request.method);
      if (!handler) return methodNotAllowed([...byMethod.keys()].join(", "));
      return handler(request);
    });
  return {
    GET: answer,
    HEAD: answer,
    POST: answer,
    PUT: answer,
    PATCH: answer,
    DELETE: answer,
    OPTIONS: answer,
  };
}
