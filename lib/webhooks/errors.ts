import { defineProblems } from "../http/problem.ts";

/** The closed list of errors of the webhooks' routes; see docs/errors.md. */
export const WEBHOOK_PROBLEMS = {
  webhook_not_found: { status: 404, detail: "There is no such webhook." },
  webhook_exists: { status: 409, detail: "You have a webhook with this address already." },
  webhook_limit: { status: 409, detail: "You have 20 webhooks already. Delete one first." },
  webhooks_unavailable: {
    status: 503,
    detail: "Your webhooks cannot be reached right now. Try again in a moment.",
  },
} as const;

/** Builds a listed error to throw. */
export const webhookProblem = defineProblems(WEBHOOK_PROBLEMS);
