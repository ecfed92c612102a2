import { defineProblems } from "../vault/http/problem";

/** The closed list of errors of the webhooks' routes; see docs/errors.md. */
export const WEBHOOK_PROBLEMS = {
  webhook_not_found: { status: 404, detail: "There is no such webhook." },
  delivery_not_found: { status: 404, detail: "This delivery is not kept any more. Send a test instead." },
  webhook_exists: { status: 409, detail: "There is a webhook with this address already." },
  webhook_limit: { status: 409, detail: "There are 20 webhooks already. Delete one first." },
  webhook_needs_secret: {
    status: 409,
    detail: "This webhook has no signing secret yet. Make one; it is sent to from then on.",
  },
  webhook_admin_left: {
    status: 409,
    detail:
      "The admin who answered for this webhook is gone, and it may lead to them. Resume it first, or delete it.",
  },
  webhook_address_not_https: { status: 400, detail: "Enter an address that begins with https://." },
  webhook_address_not_allowed: {
    status: 400,
    detail:
      "No server on the internet can be found at this address. Check its spelling; addresses in private networks are not allowed.",
  },
  webhook_address_unreadable: {
    status: 500,
    detail: "The address of this webhook cannot be read. Enter it again under Edit.",
  },
  webhook_rate_limited: {
    status: 429,
    detail: "You have tried out several webhooks just now. Wait a moment.",
  },
  webhooks_unavailable: {
    status: 503,
    detail: "Webhooks cannot be reached right now. Try again in a moment.",
  },
} as const;

/** Builds a listed error to throw. */
export const webhookProblem = defineProblems(WEBHOOK_PROBLEMS);
