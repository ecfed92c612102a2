import { describe, expect, it } from "vitest";
import { defaultSettings, type HostedAnswer } from "../support/hosted/settings.ts";
import type { HostedSettings } from "../support/hosted-auth.ts";
import { TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys.ts";
import { answering, examine, hosted, matching, only, type Settings, SITE } from "./doctor-harness.ts";

// Mistakes in the project, and odd answers of its. Those in the environment: doctor-environment.test.ts.

interface Mistake {
  what: string;
  changes?: Settings;
  /** How the project differs from one that is right. */
  project: Partial<HostedSettings>;
  found: string | RegExp;
}

/** The project's own answer to anybody's first request to a path, and another to those that follow. */
function onceAsUsual(wanted: string, later: HostedAnswer): HostedSettings["answer"] {
  let asked = 0;
  return ({ path, headers }) => {
    if (path !== wanted || headers.apikey !== TEST_PUBLISHABLE_KEY) return undefined;
    asked += 1;
    return asked > 1 ? later : undefined;
  };
}

const mistakes: Mistake[] = [
  {
    what: "a legacy key where they are disabled",
    changes: {
      SUPABASE_SECRET_KEY: defaultSettings().keys.legacy.serviceRole,
      CLIENT_ADDRESS_HEADER: undefined,
      SITE_URL: "http://localhost:3000",
    },
    project: { siteUrl: "http://localhost:3000" },
    found: "SUPABASE_SECRET_KEY is a legacy key, and legacy keys are disabled in this project.",
  },
  {
    what: "a paused project",
    project: { paused: true },
    found: "The project is paused (status 540).",
  },
  {
    what: "a project that is restricted",
    project: { answer: () => ({ status: 402, body: { message: "exceed_egress_quota" } }) },
    found: "Supabase has restricted the project (status 402)",
  },
  {
    what: "a gateway without services",
    project: { answer: () => ({ status: 521, body: "<html>" }) },
    found: "Supabase doesn't work (status 521).",
  },
  {
    what: "an address of something else",
    project: { answer: () => ({ status: 404, body: "<html>" }) },
    found: "Something that isn't Supabase Auth answers (status 404).",
  },
  {
    what: "a clock that is behind",
    project: { clockSkewSeconds: 300 },
    found: /This machine's clock is \d+ seconds behind Supabase's/,
  },
  {
    what: "a clock that is ahead",
    project: { clockSkewSeconds: -300 },
    found: /This machine's clock is \d+ seconds ahead of Supabase's/,
  },
  {
    what: "public that isn't exposed",
    project: { exposedSchemas: ["pg_pgrst_no_exposed_schemas"] },
    found: "The Data API doesn't expose the schema public (PGRST106).",
  },
  {
    what: "a Data API that can't read the schema",
    project: answering("/rest/v1/vault_key_check", 503, { code: "PGRST002", message: "No schema cache" }),
    found: "The Data API can't read the database's schema (PGRST002)",
  },
  {
    what: "a redirect URL that isn't allowed",
    project: { siteUrl: "http://localhost:3000" },
    found: `Supabase Auth doesn't allow ${SITE}/auth/confirm as a redirect URL: links in e-mails lead to http://localhost:3000.`,
  },
  {
    what: "another site URL, where the redirect URL is allowed",
    project: {
      siteUrl: "http://localhost:3000",
      redirectUrls: [`${SITE}/auth/confirm`],
    },
    found: "The site URL in Supabase Auth is http://localhost:3000, so links in e-mails lead there",
  },
  {
    what: "a site URL with a slash",
    project: { siteUrl: `${SITE}/` },
    found: "The site URL in Supabase Auth ends with a slash or a path",
  },
  {
    what: "the e-mail provider off",
    project: { emailProvider: false },
    found: "The e-mail provider is off in Supabase Auth",
  },
  {
    what: "addresses that aren't confirmed",
    project: { confirmEmail: false },
    found: "warning: Supabase Auth doesn't confirm addresses",
  },
  {
    what: "an operator's address that isn't confirmed",
    changes: { OPERATOR_EMAILS: "operator@example.com" },
    project: { confirmEmail: false },
    found:
      "failure: Supabase Auth doesn't confirm addresses, so anyone can open an account with somebody else's, an operator's included.",
  },
  {
    what: "a table that anyone may read",
    project: answering("/rest/v1/vault_secrets", 200, []),
    found: "Anyone who has the publishable key, which is everyone, can read vault_secrets.",
  },
  {
    what: "a secret key without the server's rights",
    project: answering("/rest/v1/vault_key_check", 401, { code: "42501", message: "permission denied" }),
    found: "SUPABASE_SECRET_KEY is accepted, but may not read vault_key_check (42501).",
  },
  {
    what: "a secret key that the Data API can't verify",
    project: answering("/rest/v1/vault_key_check", 401, { code: "PGRST301", message: "No suitable key" }),
    found: "The Data API takes SUPABASE_SECRET_KEY for an invalid JWT (PGRST301).",
  },
  {
    what: "a Data API that can't reach the database",
    project: answering("/rest/v1/vault_key_check", 503, {
      code: "PGRST000",
      message: "Database connection error",
    }),
    found: "The Data API can't reach the database (PGRST000).",
  },
  {
    what: "a Data API that fails in another way",
    project: answering("/rest/v1/vault_key_check", 500, { code: "XX000", message: "internal error" }),
    found: "The Data API doesn't work (status 500, XX000).",
  },
  {
    what: "a gateway that has no time for the key",
    project: answering("/rest/v1/vault_key_check", 504, "<html>"),
    found: "Can't check SUPABASE_SECRET_KEY: the Data API answers with status 504.",
  },
  {
    what: "a description of the database that fails",
    project: answering("/rest/v1/rpc/doctor_schema", 500, { code: "57014", message: "canceling statement" }),
    found: "The database can't be described (status 500, 57014).",
  },
  {
    what: "links that were tried too often",
    project: answering("/auth/v1/verify", 429, { code: 429, error_code: "over_request_rate_limit" }),
    found: "warning: Couldn't find out where links in e-mails lead (too many tries; wait five minutes).",
  },
  {
    what: "stored values that can't be read",
    project: answering("/rest/v1/webhooks", 500, { code: "57014", message: "canceling statement" }),
    found:
      "Couldn't find out whether the master key opens what is stored. The database didn't respond (57014).",
  },
  {
    what: "a gateway that takes the app for a browser",
    project: {
      answer: ({ headers }) =>
        headers.apikey === TEST_SECRET_KEY && /Chrome/.test(headers["user-agent"] ?? "")
          ? { status: 401, body: { message: "Forbidden use of secret API key in browser" } }
          : undefined,
    },
    found:
      "failure: Supabase's gateway takes the app's requests for a browser's, so nobody can sign in. → Unset CLIENT_ADDRESS_HEADER",
  },
  {
    what: "a gateway that has no time for an app with a browser's name",
    project: {
      answer: ({ headers }) =>
        /Chrome/.test(headers["user-agent"] ?? "") ? { status: 504, body: "<html>" } : undefined,
    },
    found:
      "warning: Couldn't find out whether Supabase's gateway takes the app's requests for a browser's (status 504).",
  },
  {
    what: "settings of Auth that can't be read again",
    project: { answer: onceAsUsual("/auth/v1/settings", { status: 503, body: {} }) },
    found: "warning: Couldn't read Supabase Auth's settings (status 503).",
  },
  {
    what: "too many tries to sign in",
    project: answering("/auth/v1/token", 429, { code: 429, error_code: "over_request_rate_limit" }),
    found:
      "warning: Couldn't find out whether Supabase Auth asks for a CAPTCHA (status 429, over_request_rate_limit). → Run this again.",
  },
  {
    what: "an Auth that refuses a grant without a code",
    project: answering("/auth/v1/token", 400, { error: "unsupported_grant_type" }),
    found: "warning: Couldn't find out whether Supabase Auth asks for a CAPTCHA (status 400).",
  },
  {
    what: "an Auth that closes the connection when people sign in",
    project: { answer: ({ path }) => (path.startsWith("/auth/v1/token") ? null : undefined) },
    found: /warning: Couldn't find out whether Supabase Auth asks for a CAPTCHA \(\w+\)\./,
  },
  {
    what: "anonymous sign-ins",
    project: answering("/auth/v1/settings", 200, { external: { email: true, anonymous_users: true } }),
    found: "warning: Anonymous sign-ins are on in Supabase Auth",
  },
];

describe("Of a mistake, its own line says what it is and what to do", () => {
  it.each(mistakes)("$what", async ({ changes, project, found }) => {
    Object.assign(hosted.settings, project);
    expect(only(await examine(changes))).toEqual(matching(found));
  });

  it("CAPTCHA, and too many tries with the secret key", async () => {
    hosted.settings.captcha = true;
    hosted.settings.answer = ({ path, headers }) =>
      path.startsWith("/auth/v1/token") && headers.apikey === TEST_SECRET_KEY
        ? { status: 429, body: { code: 429, error_code: "over_request_rate_limit" } }
        : undefined;
    expect(only(await examine())).toContain(
      "warning: Couldn't find out whether the app's calls pass Supabase Auth's CAPTCHA (status 429,",
    );
  });

  it.each([
    ["no forwarding", {}],
    [
      "a legacy secret key",
      { CLIENT_ADDRESS_HEADER: "x-real-ip", SUPABASE_SECRET_KEY: defaultSettings().keys.legacy.serviceRole },
    ],
  ])("CAPTCHA with %s", async (_, changes) => {
    hosted.settings.captcha = true;
    hosted.settings.keys.legacy.isDisabled = false;
    const results = await examine({ CLIENT_ADDRESS_HEADER: undefined, ...changes });
    const failures = results.filter(({ verdict }) => verdict === "failure");
    expect(failures).toEqual([
      expect.objectContaining({ check: "captcha", says: expect.stringContaining("nobody can sign in") }),
    ]);
  });
});

it.each([
  ["/auth/v1/settings", null],
  ["/auth/v1/settings", { external: null, disable_signup: "yes" }],
  ["/auth/v1/.well-known/jwks.json", { keys: [null, { alg: 5 }, "ES256"] }],
  ["/auth/v1/.well-known/jwks.json", []],
  ["/auth/v1/verify", null],
  ["/auth/v1/token", "captcha_failed"],
])("An odd answer of %s, %j, is no failure of doctor's", async (path, body) => {
  Object.assign(hosted.settings, answering(path, 200, body));
  expect((await examine()).filter(({ verdict }) => verdict === "failure")).toEqual([]);
});

it("A description of the database with odd rows is one of a database that lacks everything", async () => {
  let pages = 0;
  hosted.settings.answer = ({ path }) => {
    if (!path.startsWith("/rest/v1/rpc/doctor_schema")) return undefined;
    pages += 1;
    return { status: 200, body: pages === 1 ? [null, 5, { kind: "table" }] : [] };
  };
  expect(only(await examine())).toMatch(/Not applied: \d+_\w+\.sql\./);
});
