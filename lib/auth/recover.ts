import "server-only";
import { after } from "next/server";
import { env } from "../env";
import { anonymousAuth, authServer } from "../supabase/server";
import { boundedFetch } from "../vault/http/bounded-fetch";
import { failureOf } from "../vault/http/cause";
import { logAnswer } from "../vault/http/respond";
import { countTurns, limitTurns } from "../vault/http/turns";
import { networkOf } from "../vault/session/client-address";
import { explainAuthError, explainStatus } from "./explain";
import { accountProblem, unavailable } from "./messages";

/** Mails a minute, to one address, for one client's network and for all. The auth server has limits of its own. */
const TO_EACH = 3;
const FOR_EACH = 5;
const FOR_ALL = 60;

const tooMany = (retryAfter: number) => accountProblem("too_many_emails", { retryAfter });
const turnOfClient = limitTurns(FOR_EACH, tooMany);
const turnOfAll = limitTurns(FOR_ALL, tooMany);
const turnOfAddress = countTurns(TO_EACH);

/**
 * Has the auth server send a link to choose a new password, if there is an account with this address. It is asked after
 * the reply, so that neither the answer nor its time says whether there is one.
 *
 * @throws Problem too_many_emails, auth_unavailable, auth_misconfigured; never for anything that depends on the address
 */
export async function sendResetLink(email: string): Promise<void> {
  const { clientAddress } = await authServer();
  if (clientAddress) turnOfClient(networkOf(clientAddress));
  turnOfAll("all");
  await requireAuthServer();
  // Its owner has had enough of them. The answer is the same, because it depends on the address.
  if (turnOfAddress(email.toLowerCase()) > 0) return;
  const auth = await anonymousAuth();
  const redirectTo = `${env().siteOrigin}/auth/confirm`;
  after(async () => {
    const { error } = await auth
      .resetPasswordForEmail(email, { redirectTo })
      .catch((cause) => ({ error: cause }));
    if (error) logAnswer(explainAuthError(error));
  });
}

/** @throws Problem auth_unavailable, auth_misconfigured, where no link would be sent to anybody */
async function requireAuthServer(): Promise<void> {
  const { url, publishableKey } = env().supabase;
  const reply = await boundedFetch(`${url}/auth/v1/health`, { headers: { apikey: publishableKey } }).catch(
    (cause) => {
      throw unavailable(failureOf(cause));
    },
  );
  const said: unknown = await reply.json().catch(() => undefined);
  if (reply.ok && typeof Object(said).name === "string") return;
  throw explainStatus({ name: "AuthServerUnhealthy", status: reply.status });
}
