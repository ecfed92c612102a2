import { createClient } from "@supabase/supabase-js";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../scripts/embedded/server.ts";
import { CAPTCHA_TOKEN, defaultSettings } from "../support/hosted/settings.ts";
import { type HostedAuth, type HostedSettings, startHostedAuth } from "../support/hosted-auth.ts";
import { TEST_JWT_SECRET, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys.ts";
import { NOTES, optionsWithCluster, temporaryFolder } from "./support.ts";

// The stand-in for hosted Supabase by itself, through the library that the app uses.

const base = temporaryFolder();
const SITE = "https://vault.example.com";
const password = "a-long-test-password";
let embedded: Embedded;
let hosted: HostedAuth;

beforeAll(async () => {
  embedded = await startEmbedded({
    ...(await optionsWithCluster(base.path, { "20260305_notes.sql": NOTES })),
    ...{ publishableKey: TEST_PUBLISHABLE_KEY, secretKey: TEST_SECRET_KEY, jwtSecret: TEST_JWT_SECRET },
  });
  hosted = await startHostedAuth(0, embedded.url, { siteUrl: SITE });
}, 120_000);
afterEach(() => void Object.assign(hosted.settings, { ...defaultSettings(), siteUrl: SITE }));
afterAll(async () => {
  await hosted.close();
  await embedded.close();
  base.remove();
});

const clientOf = (key = TEST_PUBLISHABLE_KEY) =>
  createClient(hosted.url, key, {
    db: { retry: false },
    auth: { persistSession: false, autoRefreshToken: false, flowType: "pkce" },
  });
const authOf = (key?: string) => clientOf(key).auth;
const change = (settings: Partial<HostedSettings>) => void Object.assign(hosted.settings, settings);
const newEmail = () => `${crypto.randomUUID()}@example.com`;

/** The token hash of the newest mail to somebody. */
async function linkOf(email: string): Promise<string> {
  const reply = await fetch(`${embedded.url}/mailbox`, { headers: { apikey: TEST_SECRET_KEY } });
  const mails: { to: string; text: string }[] = await reply.json();
  return /token_hash=(\w+)/.exec(mails.find(({ to }) => to === email)?.text ?? "")?.[1] ?? "";
}

const signUp = (email = newEmail(), more = {}) => authOf().signUp({ email, password, ...more });

test.each<[string, Partial<HostedSettings>, () => Promise<{ error: unknown }>, object]>([
  ["no sign-ups", { signUp: false }, () => signUp(), { status: 422, code: "signup_disabled" }],
  ["no e-mail", { emailProvider: false }, () => signUp(), { status: 400, code: "email_provider_disabled" }],
  [
    "no e-mail, for a sign-in",
    { emailProvider: false },
    () => authOf().signInWithPassword({ email: newEmail(), password }),
    { status: 422, code: "email_provider_disabled" },
  ],
  [
    "a used-up limit of mails",
    { mails: 0 },
    () => signUp(),
    { status: 429, code: "over_email_send_rate_limit" },
  ],
  ["a CAPTCHA", { captcha: true }, () => signUp(), { status: 400, code: "captcha_failed" }],
  [
    "rules for passwords",
    { passwordLength: 40, passwordCharacters: ["0123456789"], leakedPasswords: [password] },
    () => signUp(),
    { status: 422, code: "weak_password", reasons: ["length", "characters", "pwned"] },
  ],
  [
    "an endpoint's limit",
    { requestsPerAddress: 0 },
    () => authOf().resend({ type: "signup", email: newEmail() }),
    { status: 429, code: "over_request_rate_limit" },
  ],
])("auth-js reads the code of a refusal: %s", async (_, settings, ask, expected) => {
  change(settings);
  expect((await ask()).error).toMatchObject(expected);
});

test("a CAPTCHA's token passes, and so does a secret key", async () => {
  change({ captcha: true });
  expect((await signUp(newEmail(), { options: { captchaToken: CAPTCHA_TOKEN } })).error).toBeNull();
  expect((await authOf(TEST_SECRET_KEY).signUp({ email: newEmail(), password })).error).toBeNull();
});

test("an address that is taken gets a user that looks new, and one that isn't confirmed a new mail", async () => {
  const email = newEmail();
  const first = await signUp(email);
  expect(first.data).toMatchObject({ session: null, user: { identities: [{ provider: "email" }] } });
  const link = await linkOf(email);
  expect((await authOf().resend({ type: "signup", email })).error?.code).toBe("over_email_send_rate_limit");
  change({ mailEverySeconds: 0 });
  expect((await authOf().resend({ type: "signup", email })).error).toBeNull();
  expect(await linkOf(email)).not.toBe(link);
  const verified = await authOf().verifyOtp({ type: "email", token_hash: link });
  expect(verified.data.user?.id).toBe(first.data.user?.id);
  const again = await signUp(email);
  expect(again.data).toMatchObject({ session: null, user: { email, identities: [] } });
  expect(again.data.user?.id).not.toBe(first.data.user?.id);
});

test("a link from Supabase's own mail redirects with a code that is good once, for who asked", async () => {
  const email = newEmail();
  const auth = authOf();
  await auth.signUp({ email, password });
  const open = async (to: string) => {
    const query = new URLSearchParams({ token: await linkOf(email), type: "signup", redirect_to: to });
    const reply = await fetch(`${hosted.url}/auth/v1/verify?${query}`, { redirect: "manual" });
    return new URL(reply.headers.get("location") ?? "");
  };
  const opened = await open(`${SITE}/auth/confirm`);
  expect(opened.origin + opened.pathname).toBe(`${SITE}/auth/confirm`);
  const code = opened.searchParams.get("code") ?? "";
  const { data } = await auth.exchangeCodeForSession(code);
  expect(data.user?.email).toBe(email);
  const spent = await open("https://elsewhere.example.com/");
  expect(spent.origin).toBe(SITE);
  expect(Object.fromEntries(spent.searchParams)).toMatchObject({
    error: "access_denied",
    error_code: "otp_expired",
  });
  expect(spent.hash).toContain("error_code=otp_expired");
  expect(spent.hash).toMatch(/&sb=$/);
});

test("a session is signed with a key of the set, or with the legacy secret, and the database takes both", async () => {
  for (const [signing, alg, keys] of [
    ["ES256", "ES256", 1],
    ["HS256", "HS256", 0],
  ] as const) {
    change({ signing, confirmEmail: false });
    const client = clientOf();
    const { data } = await client.auth.signUp({ email: newEmail(), password });
    const [header = ""] = data.session?.access_token.split(".") ?? [];
    expect(JSON.parse(Buffer.from(header, "base64url").toString()).alg).toBe(alg);
    expect((await client.from("notes").insert({ body: "mine" })).error).toBeNull();
    const jwks = await fetch(`${hosted.url}/auth/v1/.well-known/jwks.json`);
    expect((await jwks.json()).keys).toHaveLength(keys);
  }
});

test("the gateway knows its keys, and says what it says of those that it doesn't", async () => {
  const { anon, serviceRole } = hosted.settings.keys.legacy;
  const rows = (key: string) => clientOf(key).from("notes").select("id");
  expect((await rows(serviceRole)).error?.message).toBe("Legacy API keys are disabled");
  hosted.settings.keys.legacy.isDisabled = false;
  expect((await rows(serviceRole)).error).toBeNull();
  expect((await rows(anon)).error?.code).toBe("42501");
  expect((await rows("sb_secret_another")).error?.message).toBe("Invalid API key");
  const browser = { apikey: TEST_SECRET_KEY, "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)" };
  const settings = `${hosted.url}/auth/v1/settings`;
  expect((await fetch(settings, { headers: browser })).status).toBe(401);
  change({ clockSkewSeconds: 3600 });
  const reply = await fetch(settings, { headers: { apikey: anon } });
  expect(Date.parse(reply.headers.get("date") ?? "") - Date.now()).toBeGreaterThan(3_500_000);
  expect(await reply.json()).toMatchObject({ mailer_autoconfirm: false, disable_signup: false });
  change({ answer: ({ path }) => (path.endsWith("/settings") ? { status: 544, body: {} } : undefined) });
  expect((await fetch(settings)).status).toBe(544);
});
