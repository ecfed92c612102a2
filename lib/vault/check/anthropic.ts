import type { Codes } from "./verdict";

/**
 * What the codes of Anthropic's errors say about a key, in checks and in real runs. Some are of gateways that speak
 * Anthropic's API, and some are known by a part of their sentence only, which gateways repeat inside their own.
 *
 * Sources: https://docs.anthropic.com/en/api/errors, and for networks
 * https://support.claude.com/en/articles/13198485-enforce-network-level-access-control-with-tenant-restrictions;
 * LiteLLM's `ProxyErrorTypes`, https://docs.litellm.ai/docs/proxy/users, and
 * https://platform.openai.com/docs/guides/error-codes, whose codes gateways pass on.
 */
export const ANTHROPIC_ERRORS: Codes = {
  // The more exact ones come first.
  "error.error_code": { place: ["tenant_restriction_violation"] },
  "error.details.error_code": {
    place: ["tenant_restriction_violation"],
    no_credit: [
      "contract_spend_limit_reached",
      "enforced_spend_limit_reached",
      "linked_organization_spend_limit_reached",
      "linked_organization_billing_unavailable",
    ],
  },
  "error.code": {
    refused: ["invalid_api_key"],
    // The status, where an error comes inside an answer.
    no_credit: ["insufficient_quota", "insufficient_funds", 402],
    place: ["unsupported_country_region_territory"],
  },
  "error.message": {
    settings: [/\bThis organization has been disabled\b/],
    no_credit: [
      // These come as an invalid_request_error, with status 400.
      /\bcredit balance is too low\b/i,
      /\breached your specified (workspace )?API usage limits\b/i,
      /\bBudget has been exceeded\b/i,
      /\binsufficient (credits|funds)\b/i,
    ],
    // Its type says no more than that something about the key went wrong, an outage included.
    refused: [/^Authentication Error, Invalid proxy server token passed\b/],
  },
  "error.type": {
    // The first with what follows it: some gateways add to it.
    refused: [/^authentication_error\b/, "expired_key", "token_not_found_in_db"],
    // The key is known, and may not do this: by its workspace, its organization or the network.
    settings: [
      "permission_error",
      "key_model_access_denied",
      "team_model_access_denied",
      "user_model_access_denied",
      "org_model_access_denied",
    ],
    no_credit: ["billing_error", "budget_exceeded", "insufficient_quota", "insufficient_funds"],
    // Comes from in front of the API, to regions that are not supported, before the key is looked at.
    place: ["forbidden"],
  },
};
