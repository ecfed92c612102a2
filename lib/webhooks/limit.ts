import "server-only";
import { limitTurns } from "../vault/http/turns";
import { webhookProblem } from "./errors";

/**
 * Counts one request that has the server connect to an address that a person chose, so that it is no tool against
 * others.
 *
 * @throws Problem webhook_rate_limited if it is the 21st within a minute; it does not count then
 */
export const takeTurn = limitTurns(20, (retryAfter) => {
  const detail = `You've tried 20 webhooks within a minute. Try again in ${retryAfter} seconds.`;
  return webhookProblem("webhook_rate_limited", { detail, retryAfter });
});
