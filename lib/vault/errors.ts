import { defineProblems } from "./http/problem";

/**
 * The closed list of errors that the vault and its HTTP surface answer with. Each code has a section
 * of the same name in docs/errors.md; codes are stable, sentences may improve.
 */
export const VAULT_PROBLEMS = {
  unauthenticated: { status: 401, detail: "You are not signed in. Sign in and try again." },
  user_changed: {
    status: 409,
    detail: "You are now signed in with a different account than this page shows. Reload the page.",
  },
  cross_origin: { status: 403, detail: "This request did not come from the app's own pages." },
  address_not_found: { status: 404, detail: "There is nothing at this address." },
  method_not_allowed: { status: 405, detail: "This address does not take this method." },
  unsupported_media_type: { status: 415, detail: "Send the body as application/json." },
  payload_too_large: { status: 413, detail: "The request is larger than this address accepts." },
  request_timeout: { status: 408, detail: "The request took too long to arrive. Send it again." },
  invalid_request: { status: 400, detail: "The request is not in the expected form." },
  team_not_found: { status: 404, detail: "There is no such team, or you are not in it." },
  team_role_required: { status: 403, detail: "Only a team admin can do this. Ask an admin of the team." },
  confirmation_required: { status: 403, detail: "Confirm that it is you, then try again." },
  secret_not_found: { status: 404, detail: "There is no secret with this key." },
  secret_use_only: {
    status: 403,
    detail:
      "This key is use only: it can be used, but not shown or copied. To change that, enter a new value.",
  },
  secret_changed: {
    status: 409,
    detail: "This secret was changed elsewhere after you opened it. Load it again, then decide.",
  },
  secret_limit: {
    status: 409,
    detail: "The vault holds at most 200 secrets for each owner. Delete one first.",
  },
  check_rate_limited: { status: 429, detail: "You have checked several keys just now. Wait a moment." },
  secret_unreadable: {
    status: 500,
    detail: "This secret cannot be read with the vault's current master key. Enter its value again.",
  },
  vault_unavailable: { status: 503, detail: "The vault cannot be reached right now. Try again in a moment." },
  auth_unavailable: {
    status: 503,
    detail: "Your session cannot be checked right now. Try again in a moment.",
  },
  internal: { status: 500, detail: "Something went wrong on the server. Try again in a moment." },
} as const;

/** Builds a listed error to throw. */
export const vaultProblem = defineProblems(VAULT_PROBLEMS);
