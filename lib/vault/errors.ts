import { defineProblems } from "./http/problem";

/**
 * The closed list of errors that the vault and its HTTP surface answer with. Each code has a section
 * of the same name in docs/errors.md; codes are stable, sentences may improve.
 */
export const VAULT_PROBLEMS = {
  unauthenticated: { status: 401, detail: "You're not signed in. Sign in, then try again." },
  user_changed: {
    status: 409,
    detail: "You're now signed in with a different account than this page shows. Reload the page.",
  },
  cross_origin: { status: 403, detail: "This request didn't come from the app's own pages." },
  address_not_found: { status: 404, detail: "There's nothing at this address." },
  method_not_allowed: { status: 405, detail: "This address doesn't accept this method." },
  unsupported_media_type: { status: 415, detail: "Send the body as application/json." },
  payload_too_large: { status: 413, detail: "The request is larger than this address accepts." },
  request_timeout: { status: 408, detail: "The request took too long to arrive. Send it again." },
  invalid_request: { status: 400, detail: "The request isn't in the expected form." },
  team_not_found: { status: 404, detail: "There's no such team, or you're not in it." },
  team_role_required: { status: 403, detail: "Only a team admin can do this. Ask an admin of the team." },
  confirmation_required: { status: 403, detail: "Confirm it's you, then try again." },
  secret_not_found: { status: 404, detail: "There's no secret with this key." },
  secret_use_only: {
    status: 403,
    detail: "This key is use only. It can't be shown or copied. To change that, replace its value.",
  },
  secret_changed: {
    status: 409,
    detail: "This secret was changed elsewhere after you opened it. Load it again, then decide.",
  },
  secret_limit: {
    status: 409,
    detail: "The vault can hold at most 200 secrets per owner. Delete one first.",
  },
  check_rate_limited: { status: 429, detail: "You've just checked several keys. Wait a moment." },
  secret_unreadable: {
    status: 500,
    detail: "This secret can't be read with the vault's current master key. Enter its value again.",
  },
  too_many_requests: {
    status: 429,
    detail: "There were too many attempts from your network. Wait five minutes, then try again.",
  },
  vault_unavailable: { status: 503, detail: "The vault can't be reached right now. Try again in a moment." },
  auth_unavailable: {
    status: 503,
    detail: "Your session can't be checked right now. Try again in a moment.",
  },
  internal: { status: 500, detail: "Something went wrong on the server. Try again in a moment." },
} as const;

/** Builds a listed error to throw. */
export const vaultProblem = defineProblems(VAULT_PROBLEMS);
