import { at, bearer, type Provider } from "./provider";
import type { Codes } from "./verdict";

// https://docs.slack.dev/reference/methods/auth.test. Its errors come as successes.
const SLACK: Codes = {
  ok: { works: [true] },
  error: {
    refused: ["account_inactive", "token_expired", "token_revoked"],
    // "Either the provided token is invalid or the request originates from an IP address disallowed".
    wrong_or_place: ["invalid_auth"],
    place: ["accesslimited"],
    settings: [
      "access_denied",
      "ekm_access_denied",
      "enterprise_is_restricted",
      "no_permission",
      "not_allowed_token_type",
      "team_access_not_granted",
      "two_factor_setup_required",
    ],
    busy: ["ratelimited"],
    // The first two: while the workspace moves into an organization.
    down: ["org_login_required", "team_added_to_org", "fatal_error", "internal_error", "service_unavailable"],
  },
};

/** Both kinds of Slack's tokens are asked alike. */
export const slack = (key: string): Provider => ({
  key,
  name: "Slack",
  method: "POST",
  url: "https://slack.com/api/auth.test",
  headers: bearer,
  errors: SLACK,
  successes: SLACK,
  async learn({ body }) {
    const json = await body();
    const [team, user] = [at(json, "team"), at(json, "user")];
    return { account: typeof team === "string" && typeof user === "string" ? `${team} (${user})` : team };
  },
});
