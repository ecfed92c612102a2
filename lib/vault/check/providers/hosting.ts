import "server-only";
import { accountAt, bearer, type Provider } from "../provider";

export const HOSTING: readonly Provider[] = [
  {
    // https://vercel.com/docs/rest-api/user/get-the-user, https://vercel.com/docs/rest-api/errors
    key: "VERCEL_TOKEN",
    name: "Vercel",
    url: "https://api.vercel.com/v2/user",
    headers: bearer,
    errors: {
      // Bad tokens are told apart from those of a single project or team, which may not see the person.
      "error.invalidToken": { refused: [true] },
      // The team wants a new sign-in at its identity provider.
      "error.saml": { settings: [true] },
      "error.code": { settings: ["not_authorized_for_scope"] },
    },
    learn: accountAt("user.username"),
  },
  {
    // https://open-api.netlify.com/#tag/user/operation/getCurrentUser
    key: "NETLIFY_AUTH_TOKEN",
    name: "Netlify",
    url: "https://api.netlify.com/api/v1/user",
    headers: bearer,
    errors: { code: { refused: [401] } },
    learn: accountAt("full_name"),
  },
];
