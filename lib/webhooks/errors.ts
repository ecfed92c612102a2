import { defineProblems } from "../vault/http/problem";

/** The closed list of errors of the webhooks' routes; see docs/errors.md. */
export const WEBHOOK_PROBLEMS = {
  webhook_not_found: { status: 404, detail: "There's no such webhook." },
  delivery_not_found: { status: 404, detail: "This delivery is no longer kept. Send a test instead." },
  webhook_exists: { status: 409, detail: "There's already a webhook with this address. Change that one." },
  webhook_limit: { status: 409, detail: "There are already 20 webhooks. Delete one first." },
  webhook_needs_secret: {
    status: 409,
    detail: "This webhook has no signing secret yet. Create one, and messages will be sent to it again.",
  },
  webhook_admin_left: {
    status: 409,
    detail:
      "The admin responsible for this webhook is no longer an admin, and it may lead to them. Resume it first, or delete it.",
  },
  webhook_address_not_https: { status: 400, detail: "Enter an address that begins with https://." },
  webhook_address_not_allowed: {
    status: 400,
    detail:
      "No server on the internet can be found at this address. Check the spelling. Addresses in private networks aren't allowed.",
  },
  webhook_address_unreadable: {
    status: 500,
    detail: "The address of this webhook can't be read. Enter it again under Edit.",
  },
  webhook_rate_limited: {
    status: 429,
    detail: "You've just tried several webhooks. Wait a moment.",
  },
  webhooks_unavailable: {
    status: 503,
    detail: "Webhooks can't be reached right now. Try again in a moment.",
  },
} as const;

/** Builds a listed error to throw. */
export const webhookProblem = defineProblems(WEBHOOK_PROBLEMS);
