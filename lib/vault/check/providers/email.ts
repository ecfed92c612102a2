import "server-only";
import { accountAt, bearer, type Provider } from "../provider";

export const EMAIL: readonly Provider[] = [
  {
    // https://resend.com/docs/api-reference/domains/list-domains, https://resend.com/docs/api-reference/errors
    key: "RESEND_API_KEY",
    name: "Resend",
    url: "https://api.resend.com/domains",
    headers: bearer,
    errors: {
      // Only for sending, which is what most keys are for.
      name: { restricted: ["restricted_api_key"], refused: ["invalid_api_key"] },
      // By now it says "validation_error", as of any bad field.
      message: { refused: [/^API key is invalid\.?$/] },
    },
  },
  {
    // https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions: any key may see its own scopes.
    // https://support.sendgrid.com/hc/en-us/articles/16599001560347
    key: "SENDGRID_API_KEY",
    name: "SendGrid",
    url: "https://api.sendgrid.com/v3/scopes",
    elsewhere: "https://api.eu.sendgrid.com/v3/scopes",
    headers: bearer,
    errors: {
      "errors.*.message": {
        refused: ["The provided authorization grant is invalid, expired, or revoked"],
        place: [/\bIP\b.*\b(?:allow|white)-?listed\b/i],
      },
    },
  },
  {
    // https://postmarkapp.com/developer/api/server-api, https://postmarkapp.com/developer/api/overview#error-codes
    key: "POSTMARK_SERVER_TOKEN",
    name: "Postmark",
    url: "https://api.postmarkapp.com/server",
    headers: (value) => ({ "X-Postmark-Server-Token": value }),
    errors: { ErrorCode: { refused: [10] } },
    learn: accountAt("Name"),
  },
];
