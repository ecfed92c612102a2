import { defineProblems } from "../vault/http/problem";

/**
 * The closed list of errors that calls to providers add to the vault's. Each code has a section of the same name in
 * docs/errors.md. What a person can change before trying again is 422, the key's trouble included: 401 and 403
 * would speak of their session here, and 502 would say that waiting helps.
 */
export const USAGE_PROBLEMS = {
  no_key: {
    status: 422,
    detail: "There's no key to use yet. Add one to your vault, then try again.",
  },
  own_key_required: { status: 422, detail: "In this team, everyone uses their own key." },
  platform_key_not_allowed: { status: 422, detail: "This team doesn't use the platform's key." },
  platform_key_off: {
    status: 422,
    detail: "The operator of this site has turned off the platform's key. Add your own key to your vault.",
  },
  platform_budget_spent: {
    status: 429,
    detail: "You've used up today's tokens on the platform's key. Add your own key, or try again tomorrow.",
  },
  platform_limit_reached: {
    status: 429,
    detail:
      "The platform's key has reached its spending limit for now. Add your own key, or try again later.",
  },
  team_budget_spent: {
    status: 429,
    detail: "The team's budget for this month is used up. Ask a team admin to raise it, or add your own key.",
  },
  member_budget_spent: {
    status: 429,
    detail:
      "Your budget in this team for this month is used up. Ask a team admin to raise it, or add your own key.",
  },
  model_price_unknown: {
    status: 422,
    detail:
      "The price of this model isn't known, so it can't run on a key with a dollar limit. Add your own key.",
  },
  run_exists: {
    status: 409,
    detail: "This run was already sent. See the Usage page for how it ended.",
  },
  run_not_found: { status: 404, detail: "You don't have a run with this id." },
  too_many_runs: {
    status: 429,
    detail: "You have 10 runs in progress. Stop one, or wait until one ends.",
  },
  provider_refused_key: {
    status: 422,
    detail: "The provider doesn't accept this key. Replace it in the vault.",
  },
  provider_no_credit: {
    status: 422,
    detail: "The account behind this key has no credit left. Add credit, or use another key.",
  },
  provider_key_limited: {
    status: 422,
    detail: "The provider recognizes this key, but its limits or its account don't allow this request.",
  },
  provider_blocks_server: {
    status: 422,
    detail: "The provider doesn't accept requests from this site's network or region.",
  },
  provider_rejected_request: {
    status: 422,
    detail:
      "The provider didn't accept this request. Try another text, or ask the operator of this site to check the model.",
  },
  provider_declined: { status: 422, detail: "The model declined to work on this text." },
  provider_cut_off: {
    status: 422,
    detail: "The answer reached the maximum length and was cut off. Ask for less.",
  },
  provider_incomplete: {
    status: 502,
    detail: "The model stopped before its answer was complete. Try again.",
  },
  provider_rate_limited: {
    status: 429,
    detail: "This key has reached the provider's rate limit for now. Try again in a moment.",
  },
  provider_overloaded: {
    status: 503,
    detail: "The provider is overloaded right now. Try again in a moment.",
  },
  provider_unavailable: {
    status: 502,
    detail: "The provider can't be reached right now. Try again in a moment.",
  },
  provider_unclear: {
    status: 502,
    detail:
      "The response isn't from the provider's API, but perhaps from a proxy, and doesn't say what's wrong. The operator of this site can check its network.",
  },
  provider_timeout: {
    status: 504,
    detail: "The provider took too long to answer. Try again, or ask for less.",
  },
  provider_bad_answer: {
    status: 502,
    detail: "The model's answer wasn't in the expected format. Try again.",
  },
  // 499 is what servers log for a client that left; nobody is there to read it.
  cancelled: { status: 499, detail: "The request was canceled." },
} as const;

export type UsageCode = keyof typeof USAGE_PROBLEMS;

/** Builds a listed error to throw. */
export const usageProblem = defineProblems(USAGE_PROBLEMS);
