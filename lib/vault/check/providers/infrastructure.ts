import "server-only";
import { at, bearer, type Provider } from "../provider";
import { valuesAt } from "../verdict";

export const INFRASTRUCTURE: readonly Provider[] = [
  {
    // https://developers.cloudflare.com/api/resources/user/subresources/tokens/methods/verify
    // https://developers.cloudflare.com/fundamentals/api/how-to/restrict-tokens
    key: "CLOUDFLARE_API_TOKEN",
    name: "Cloudflare",
    url: "https://api.cloudflare.com/client/v4/user/tokens/verify",
    headers: bearer,
    errors: {
      "errors.*.code": { refused: [1000] },
      "errors.*.message": { place: [/^Cannot use the access token from location\b/] },
    },
    successes: { "result.status": { works: ["active"], refused: ["disabled", "expired"] } },
    // A token that belongs to an account is verified by the account's id, which we do not have. New tokens say what
    // they are: https://developers.cloudflare.com/fundamentals/api/get-started/token-formats
    refine: (verdict, { status }, value) =>
      verdict === "refused" && status >= 400 && !value.startsWith("cfut_") ? "unclear" : verdict,
    learn: async ({ body }) => ({ expires: at(await body(), "result.expires_on") }),
  },
  {
    // https://docs.github.com/en/rest/users/users#get-the-authenticated-user: fine-grained tokens need no
    // permission for it. https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api
    // https://github.blog/changelog/2021-07-26-expiration-options-for-personal-access-tokens/
    key: "GITHUB_TOKEN",
    name: "GitHub",
    url: "https://api.github.com/user",
    headers: (value) => ({
      ...bearer(value),
      Accept: "application/vnd.github+json",
      "X-GitHub-Api-Version": "2022-11-28",
    }),
    errors: {
      message: {
        refused: ["Bad credentials"],
        // A token of an app's installation, which stands for no person.
        restricted: [/^Resource not accessible/],
        // "… an IP allow list enabled, and your IP address is not permitted to access this resource."
        place: [/^Although you appear to have the correct authorization credentials,.* IP allow list/],
        settings: [/^Resource protected by organization SAML enforcement/, /account was suspended/],
        // The second is what everybody gets for a while after several bad tokens.
        busy: [/rate limit/, /^Maximum number of login attempts exceeded/],
      },
    },
    async learn({ headers, body }) {
      const expires = headers.get("github-authentication-token-expiration");
      return { account: at(await body(), "login"), expires };
    },
  },
  {
    // https://docs.stripe.com/api/balance/balance_retrieve, https://docs.stripe.com/api/errors
    // https://docs.stripe.com/error-codes, https://docs.stripe.com/keys#limit-api-secret-keys-ip-address
    key: "STRIPE_SECRET_KEY",
    name: "Stripe",
    url: "https://api.stripe.com/v1/balance",
    headers: bearer,
    errors: {
      // The last: of a publishable key, which can do nothing here.
      "error.code": { refused: ["api_key_expired", "platform_api_key_expired", "secret_key_required"] },
      // It has no code for a wrong key.
      "error.message": {
        refused: [/^Invalid API Key provided\b/],
        place: [/^The API key provided does not allow requests from your IP address/],
      },
    },
    async refine(verdict, { status, body }) {
      if (status === 402) return "unclear";
      if (status !== 403 || verdict !== "unclear") return verdict;
      // "The API key doesn't have permissions": a restricted one, without the right to see the balance.
      const [type] = valuesAt(await body(), ["error", "type"]);
      return type === "invalid_request_error" ? "restricted" : verdict;
    },
    async learn({ body }) {
      const live = at(await body(), "livemode");
      return { account: typeof live === "boolean" ? (live ? "Live mode" : "Test mode") : undefined };
    },
  },
];
