import type { Codes } from "./verdict";

/**
 * What the codes of Anthropic's errors say about a key, in checks and in real runs.
 *
 * Sources: https://docs.anthropic.com/en/api/errors, and for networks
 * https://support.claude.com/en/articles/13198485-enforce-network-level-access-control-with-tenant-restrictions
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
  "error.message": { settings: ["This organization has been disabled."] },
  "error.type": {
    refused: ["authentication_error"],
    // The key is known, and may not do this: by its workspace, its organization or the network.
    settings: ["permission_error"],
    no_credit: ["billing_error"],
    // Comes from in front of the API, to regions that are not supported, before the key is looked at.
    place: ["forbidden"],
  },
};
