import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { generate } from "selfsigned";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  inject,
  it,
  onTestFinished,
  vi,
} from "vitest";
import { checkKey } from "../../lib/vault/key-check.ts";
import { hasFailed, type Result } from "../../scripts/doctor/check.ts";
import { report } from "../../scripts/doctor/print.ts";
import { type Embedded, type EmbeddedOptions, startEmbedded } from "../../scripts/embedded/server.ts";
import { startAuthStandIn } from "../support/auth-standin.ts";
import { defaultSettings } from "../support/hosted/settings.ts";
import { type HostedAuth, type HostedRequest, startHostedAuth } from "../support/hosted-auth.ts";
import {
  legacyKey,
  OTHER_MASTER_KEY,
  TEST_JWT_SECRET,
  TEST_MASTER_KEY,
  TEST_PUBLISHABLE_KEY,
  TEST_SECRET_KEY,
} from "../support/keys.ts";
import { startSmtpServer } from "../support/smtp-server.ts";
import { optionsFor } from "./template.ts";

type Settings = Record<string, string | undefined>;

const SITE = "https://vault.example.com";
const WRONG_PUBLISHABLE = "sb_publishable_wrong-not-real-0000000000";
const WRONG_SECRET = "sb_secret_wrong-not-real-0000000000000000";
const SMTP_PASSWORD = "smtp-password-not-real";
const MIGRATIONS = resolve(import.meta.dirname, "../../supabase/migrations");

let embedded: Embedded;
let hosted: HostedAuth;
/** With the server's rights. */
let database: SupabaseClient;
let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "doctor-"));
  folders.push(folder);
  return folder;
}

/** An embedded Supabase on a copy of the migrated database. */
async function start(more: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const dataDir = newFolder();
  cpSync(inject("template"), dataDir, { recursive: true });
  return startEmbedded({ ...optionsFor(dataDir), ...more });
}

beforeAll(async () => {
  embedded = await start();
  hosted = await startHostedAuth(0, embedded.url);
  database = createClient(embedded.url, TEST_SECRET_KEY, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  smtp = await startSmtpServer({ password: SMTP_PASSWORD });
});
afterAll(async () => {
  smtp.stop();
  await hosted.close();
  await embedded.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});
beforeEach(() => {
  Object.assign(hosted.settings, defaultSettings(), { siteUrl: SITE });
});
afterEach(() => vi.unstubAllEnvs());

/** As somebody who has done everything right has them. */
const settings = (): Settings => ({
  NEXT_PUBLIC_SUPABASE_URL: hosted.url,
  NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: TEST_PUBLISHABLE_KEY,
  SUPABASE_SECRET_KEY: TEST_SECRET_KEY,
  VAULT_MASTER_KEY: TEST_MASTER_KEY,
  SITE_URL: SITE,
  CLIENT_ADDRESS_HEADER: "x-vercel-forwarded-for",
  SMTP_HOST: "127.0.0.1",
  SMTP_PORT: String(smtp.settings.port),
  SMTP_USER: "vault",
  SMTP_PASS: SMTP_PASSWORD,
  SMTP_FROM: "vault@example.com",
});

const SECRETS = [
  TEST_PUBLISHABLE_KEY,
  TEST_SECRET_KEY,
  TEST_MASTER_KEY,
  OTHER_MASTER_KEY,
  TEST_JWT_SECRET,
  WRONG_PUBLISHABLE,
  WRONG_SECRET,
  SMTP_PASSWORD,
];

/** What doctor finds in a process of its own, after looking through everything that it would print. */
async function examine(changes: Settings = {}): Promise<Result[]> {
  const mine = { ...settings(), ...changes };
  // The encryption reads it from there; and put back afterwards.
  vi.stubEnv("VAULT_MASTER_KEY", mine.VAULT_MASTER_KEY);
  // It keeps the key that it has read.
  vi.resetModules();
  const doctor = await import("../../scripts/doctor/examine.ts");
  const results = await doctor.examine(mine);
  const printed = [report(results, undefined), report(results, 80), JSON.stringify(results)].join("\n");
  const secrets = [
    ...SECRETS,
    ...Object.entries(mine).flatMap(([name, value]) => (/KEY|PASS/.test(name) && value) || []),
  ];
  for (const secret of secrets) expect(printed.includes(secret), "a secret is printed").toBe(false);
  return results;
}

/** The only thing that is wrong, besides what was skipped because of it. */
function only(results: Result[]): string {
  const wrong = results.filter(({ verdict }) => verdict === "failure" || verdict === "warning");
  expect(wrong.map(({ check, says }) => `${check}: ${says}`)).toHaveLength(1);
  const [{ verdict, says, remedy } = { verdict: "ok", says: "", remedy: "" }] = wrong;
  expect(hasFailed(results, false)).toBe(verdict === "failure");
  expect(hasFailed(results, true)).toBe(true);
  return `${verdict}: ${says} → ${remedy}`;
}

describe("Everything is as the app needs it", () => {
  it("on a project like a hosted one", async () => {
    const results = await examine();
    expect(results.filter(({ verdict }) => verdict !== "ok" && verdict !== "look")).toEqual([]);
    expect(hasFailed(results, true)).toBe(false);
    expect(report(results, undefined)).toMatch(/\nEverything is as the app needs it\.\n$/);
    // A check that says nothing isn't there.
    expect(new Set(results.map(({ check }) => check)).size).toBeGreaterThanOrEqual(18);
  });

  const local = {
    NEXT_PUBLIC_SUPABASE_URL: undefined,
    SITE_URL: undefined,
    CLIENT_ADDRESS_HEADER: undefined,
  };

  it("on the embedded Supabase", async () => {
    const results = await examine({ ...local, EMBEDDED_SUPABASE_PORT: new URL(embedded.url).port });
    expect(results.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
    expect(results.find(({ check }) => check === "reach")?.says).toContain(embedded.url);
  });

  it("where `npm run dev` had to take one of the next ports", async () => {
    // A key that no other test's server takes.
    const key = "sb_publishable_found-not-real-000000000";
    Object.assign(hosted.settings, { siteUrl: "http://localhost:3000" });
    hosted.settings.keys.publishable = [key];
    const usual = String(Number(new URL(hosted.url).port) - 3);
    const results = await examine({
      ...local,
      EMBEDDED_SUPABASE_PORT: usual,
      NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: key,
    });
    expect(results.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
    expect(results.find(({ check }) => check === "reach")?.says).toContain(hosted.url);
  });

  it("with legacy keys that are on, and CAPTCHA where addresses are forwarded", async () => {
    hosted.settings.captcha = true;
    expect((await examine()).find(({ check }) => check === "captcha")).toMatchObject({ verdict: "ok" });
    hosted.settings.captcha = false;
    const { legacy } = hosted.settings.keys;
    legacy.isDisabled = false;
    const results = await examine({
      NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: legacy.anon,
      SUPABASE_SECRET_KEY: legacy.serviceRole,
      CLIENT_ADDRESS_HEADER: undefined,
    });
    expect(only(results)).toContain("warning: CLIENT_ADDRESS_HEADER isn't set");
  });

  it("changes nothing and spends nothing", async () => {
    const before = hosted.requests.length;
    const checkValues = async () => (await database.from("vault_key_check").select().throwOnError()).data;
    const stored = await checkValues();
    await examine();
    expect(await checkValues()).toEqual(stored);
    const paths = hosted.requests
      .slice(before)
      .map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
    expect(new Set(paths.filter((path) => !path.startsWith("GET ")))).toEqual(
      new Set(["POST /rest/v1/rpc/doctor_schema", "POST /auth/v1/token"]),
    );
    const tries = hosted.requests.slice(before).filter(({ path }) => path.startsWith("/auth/v1/token"));
    expect(tries.map(({ path, body }) => `${path} ${body}`)).toEqual(["/auth/v1/token?grant_type=doctor {}"]);
  });
});

interface Mistake {
  what: string;
  changes?: Settings;
  hosted?: () => void;
  found: string | RegExp;
}

const mistakes: Mistake[] = [
  {
    what: "a wrong publishable key",
    changes: { NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: WRONG_PUBLISHABLE },
    found: "Supabase refuses NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY (status 401)",
  },
  {
    what: "a wrong secret key",
    changes: { SUPABASE_SECRET_KEY: WRONG_SECRET },
    found: "Supabase refuses SUPABASE_SECRET_KEY (status 401)",
  },
  {
    what: "a publishable key in the secret one's place",
    changes: { SUPABASE_SECRET_KEY: TEST_PUBLISHABLE_KEY },
    found: "SUPABASE_SECRET_KEY contains a publishable key. → Set it to the secret key",
  },
  {
    what: "a legacy key of another role",
    changes: { SUPABASE_SECRET_KEY: legacyKey({ role: "authenticated" }) },
    found: "SUPABASE_SECRET_KEY contains a JWT whose role isn't service_role.",
  },
  {
    what: "a legacy key where they are disabled",
    changes: {
      SUPABASE_SECRET_KEY: defaultSettings().keys.legacy.serviceRole,
      CLIENT_ADDRESS_HEADER: undefined,
      SITE_URL: "http://localhost:3000",
    },
    hosted: () => Object.assign(hosted.settings, { siteUrl: "http://localhost:3000" }),
    found: "SUPABASE_SECRET_KEY is a legacy key, and legacy keys are disabled in this project.",
  },
  { what: "no secret key", changes: { SUPABASE_SECRET_KEY: "" }, found: "SUPABASE_SECRET_KEY isn't set." },
  {
    what: "an address that is none",
    changes: { NEXT_PUBLIC_SUPABASE_URL: "abcdefghijklmnopqrst" },
    found: "NEXT_PUBLIC_SUPABASE_URL isn't an http or https address.",
  },
  {
    what: "an address with a path",
    changes: { NEXT_PUBLIC_SUPABASE_URL: "https://abcdefghijklmnopqrst.supabase.co/rest/v1/" },
    found: "NEXT_PUBLIC_SUPABASE_URL has more in it than the project's address.",
  },
  {
    what: "a host that isn't there",
    changes: { NEXT_PUBLIC_SUPABASE_URL: "https://nothing.invalid" },
    found: /There is no address for nothing\.invalid \((ENOTFOUND|EAI_AGAIN)\)/,
  },
  {
    what: "a paused project",
    hosted: () => Object.assign(hosted.settings, { paused: true }),
    found: "The project is paused (status 540).",
  },
  {
    what: "a project that is restricted",
    hosted: () =>
      Object.assign(hosted.settings, {
        answer: () => ({ status: 402, body: { message: "exceed_egress_quota" } }),
      }),
    found: "Supabase has restricted the project (status 402)",
  },
  {
    what: "a gateway without services",
    hosted: () => Object.assign(hosted.settings, { answer: () => ({ status: 521, body: "<html>" }) }),
    found: "Supabase doesn't work (status 521).",
  },
  {
    what: "an address of something else",
    hosted: () => Object.assign(hosted.settings, { answer: () => ({ status: 404, body: "<html>" }) }),
    found: "Something that isn't Supabase Auth answers (status 404).",
  },
  {
    what: "a clock that is behind",
    hosted: () => Object.assign(hosted.settings, { clockSkewSeconds: 300 }),
    found: /This machine's clock is \d+ seconds behind Supabase's/,
  },
  {
    what: "a clock that is ahead",
    hosted: () => Object.assign(hosted.settings, { clockSkewSeconds: -300 }),
    found: /This machine's clock is \d+ seconds ahead of Supabase's/,
  },
  {
    what: "public that isn't exposed",
    hosted: () => Object.assign(hosted.settings, { exposedSchemas: ["pg_pgrst_no_exposed_schemas"] }),
    found: "The Data API doesn't expose the schema public (PGRST106).",
  },
  {
    what: "a Data API that can't read the schema",
    hosted: () =>
      Object.assign(hosted.settings, {
        answer: ({ path }: HostedRequest) =>
          path.startsWith("/rest/")
            ? {
                status: 503,
                body: { code: "PGRST002", message: "Could not query the database for the schema cache." },
              }
            : undefined,
      }),
    found: "The Data API can't read the database's schema (PGRST002)",
  },
  {
    what: "a malformed SITE_URL",
    changes: { SITE_URL: "vault.example.com" },
    found: "SITE_URL is not an address such as https://vault.example.com.",
  },
  {
    what: "a SITE_URL without encryption",
    changes: { SITE_URL: "http://vault.example.com" },
    found: "SITE_URL must begin with https://",
  },
  { what: "no SITE_URL", changes: { SITE_URL: undefined }, found: "warning: SITE_URL isn't set." },
  {
    what: "a variable that is malformed",
    changes: { PLATFORM_DAILY_USD: "five" },
    found: "Missing or malformed in the environment: PLATFORM_DAILY_USD.",
  },
  {
    what: "a malformed master key",
    changes: { VAULT_MASTER_KEY: "0123" },
    found: "VAULT_MASTER_KEY is not 64 hexadecimal characters.",
  },
  {
    what: "no master key",
    changes: { VAULT_MASTER_KEY: undefined },
    found: /VAULT_MASTER_KEY is missing\. → .*To generate one: node -p/,
  },
  {
    what: "a redirect URL that isn't allowed",
    hosted: () => Object.assign(hosted.settings, { siteUrl: "http://localhost:3000" }),
    found: `Supabase Auth doesn't allow ${SITE}/auth/confirm as a redirect URL: links in e-mails lead to http://localhost:3000.`,
  },
  {
    what: "another site URL, where the redirect URL is allowed",
    hosted: () =>
      Object.assign(hosted.settings, {
        siteUrl: "http://localhost:3000",
        redirectUrls: [`${SITE}/auth/confirm`],
      }),
    found: "The site URL in Supabase Auth is http://localhost:3000, so links in e-mails lead there",
  },
  {
    what: "a site URL with a slash",
    hosted: () => Object.assign(hosted.settings, { siteUrl: `${SITE}/` }),
    found: "The site URL in Supabase Auth ends with a slash or a path",
  },
  {
    what: "the e-mail provider off",
    hosted: () => Object.assign(hosted.settings, { emailProvider: false }),
    found: "The e-mail provider is off in Supabase Auth",
  },
  {
    what: "addresses that aren't confirmed",
    hosted: () => Object.assign(hosted.settings, { confirmEmail: false }),
    found: "warning: Supabase Auth doesn't confirm addresses",
  },
  {
    what: "an operator's address that isn't confirmed",
    changes: { OPERATOR_EMAILS: "operator@example.com" },
    hosted: () => Object.assign(hosted.settings, { confirmEmail: false }),
    found:
      "failure: Supabase Auth doesn't confirm addresses, so anyone can open an account with somebody else's, an operator's included.",
  },
  {
    what: "anonymous sign-ins",
    hosted: () =>
      Object.assign(hosted.settings, {
        answer: ({ path }: HostedRequest) =>
          path === "/auth/v1/settings"
            ? { status: 200, body: { external: { email: true, anonymous_users: true } } }
            : undefined,
      }),
    found: "warning: Anonymous sign-ins are on in Supabase Auth",
  },
  {
    what: "a secret in a variable for browsers",
    changes: { NEXT_PUBLIC_SUPABASE_SECRET_KEY: TEST_SECRET_KEY, NEXT_PUBLIC_MASTER: TEST_MASTER_KEY },
    found: "Next.js may send a secret to every browser: NEXT_PUBLIC_SUPABASE_SECRET_KEY, NEXT_PUBLIC_MASTER.",
  },
  {
    what: "an unencrypted address",
    changes: { NEXT_PUBLIC_SUPABASE_URL: "http://abcdefghijklmnopqrst.supabase.co" },
    found: "NEXT_PUBLIC_SUPABASE_URL must begin with https://",
  },
  {
    what: "webhooks into the server's own network",
    changes: { WEBHOOKS_ALLOW_PRIVATE: "on" },
    found: "warning: WEBHOOKS_ALLOW_PRIVATE is on",
  },
  {
    what: "a mail server that refuses the password",
    changes: { SMTP_PASS: "another-password" },
    found: "The mail server doesn't let the app in (SMTP status 535).",
  },
  {
    what: "a mail server that isn't there",
    changes: { SMTP_PORT: "1" },
    found: /The mail server doesn't let the app in \(\w+\)\./,
  },
];

describe("Of a mistake, its own line says what it is and what to do", () => {
  it.each(mistakes)("$what", async ({ changes, hosted: change, found }) => {
    change?.();
    const is = typeof found === "string" ? expect.stringContaining(found) : expect.stringMatching(found);
    expect(only(await examine(changes))).toEqual(is);
  });

  it("keys in each other's place are two", async () => {
    const results = await examine({
      NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: TEST_SECRET_KEY,
      SUPABASE_SECRET_KEY: TEST_PUBLISHABLE_KEY,
    });
    expect(results.filter(({ verdict }) => verdict === "failure").map(({ says }) => says)).toEqual([
      "NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY contains a secret key, but Next.js may send a NEXT_PUBLIC_ variable to every browser.",
      "SUPABASE_SECRET_KEY contains a publishable key.",
    ]);
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

  it("the master key of another database", async () => {
    vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
    vi.resetModules();
    await checkKey(database, await import("../../lib/vault/crypto.ts"));
    expect((await examine()).find(({ check }) => check === "stored")).toMatchObject({
      says: "The master key opens what is stored",
    });
    expect(only(await examine({ VAULT_MASTER_KEY: OTHER_MASTER_KEY }))).toContain(
      "VAULT_MASTER_KEY is not the key that this database was encrypted with.",
    );
  });
});

describe("npm run doctor", () => {
  const script = resolve(import.meta.dirname, "../../scripts/doctor.ts");
  // An empty variable hides one of a developer's .env.local.
  const none = Object.fromEntries(
    readFileSync(resolve(import.meta.dirname, "../../.env.example"), "utf8")
      .match(/^[A-Z_]+(?==)/gm)
      ?.map((name) => [name, ""]) ?? [],
  );
  async function run(changes: Settings, ...args: string[]) {
    const env = { PATH: process.env.PATH, NODE_ENV: "test" as const, ...none, ...settings(), ...changes };
    const child = spawn(process.execPath, [script, ...args], { env });
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    for (const secret of SECRETS)
      expect((stdout + stderr).includes(secret), "a secret is printed").toBe(false);
    return { status, stdout, stderr };
  }

  it("exits with 0 if nothing has to be fixed, and with 1 otherwise", async () => {
    expect(await run({})).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^✓ .*\nEverything is as the app needs it\.\n$/s),
    });
    const wrong = await run({ SUPABASE_SECRET_KEY: WRONG_SECRET });
    expect(wrong).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("✗ Supabase refuses SUPABASE_SECRET_KEY"),
    });
    expect(wrong.stdout).toMatch(/\n1 problem to fix\.\n$/);
  });

  it("counts a warning only with --strict", async () => {
    const changes = { WEBHOOKS_ALLOW_PRIVATE: "on" };
    expect(await run(changes)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/\nNothing has to be fixed\. 1 warning\.\n$/),
    });
    expect((await run(changes, "--strict")).status).toBe(1);
  });

  it("prints JSON for programs", async () => {
    const { status, stdout } = await run({ SITE_URL: "nowhere" }, "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toContainEqual({
      check: "site",
      title: "SITE_URL",
      verdict: "failure",
      says: "SITE_URL is not an address such as https://vault.example.com.",
      remedy: expect.any(String),
    });
  });

  it("answers a mistyped option with the right ones", async () => {
    expect(await run({}, "--strikt")).toEqual({
      status: 2,
      stdout: "",
      stderr: "Usage: npm run doctor [-- [--strict] [--json]]\n",
    });
  });
});

describe("A server that can't be asked", () => {
  it("has nothing listening", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((listening) => server.once("listening", listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const nowhere = `http://127.0.0.1:${port}`;
    expect(only(await examine({ NEXT_PUBLIC_SUPABASE_URL: nowhere }))).toContain(
      `${nowhere} doesn't answer (ECONNREFUSED).`,
    );
    const results = await examine({
      NEXT_PUBLIC_SUPABASE_URL: undefined,
      SITE_URL: undefined,
      EMBEDDED_SUPABASE_PORT: "1",
    });
    expect(only(results)).toMatch(
      /Nothing answers at http:\/\/127\.0\.0\.1:1 .*→ Start the embedded Supabase with `npm run dev`/,
    );
    expect(report(results, undefined)).toContain("– Not checked until Supabase answers: the clock;");
  });

  it("never answers", async () => {
    const silent = await startAuthStandIn();
    onTestFinished(silent.close);
    silent.answer = () => "silent";
    expect(only(await examine({ NEXT_PUBLIC_SUPABASE_URL: silent.url }))).toContain(
      "doesn't answer (there was no answer within 8 seconds).",
    );
  });

  it("has a certificate that nobody knows", async () => {
    const { private: key, cert } = await generate([{ name: "commonName", value: "example.test" }], {
      keyType: "ec",
    });
    const server = createTlsServer({ key, cert }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((listening) => server.once("listening", listening));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(only(await examine({ NEXT_PUBLIC_SUPABASE_URL: url }))).toMatch(
      /127\.0\.0\.1 has no valid certificate \(\w+\)/,
    );
  });
});

describe("A database that isn't as the migrations make it", () => {
  const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith(".sql"));

  it("lacks the last ones, with the one that describes it and without", async () => {
    const migrationsDir = newFolder();
    const options = { ...optionsFor(newFolder()), migrationsDir };
    for (const file of files.filter((name) => name < "20260404"))
      cpSync(join(MIGRATIONS, file), join(migrationsDir, file));
    const older = await startEmbedded(options);
    const without = await examine({ NEXT_PUBLIC_SUPABASE_URL: older.url, SITE_URL: "http://localhost:3000" });
    await older.close();
    expect(only(without)).toMatch(/The newest migrations aren't applied: .*→ .*db push --remote/);

    for (const file of files.filter((name) => name.endsWith("_doctor.sql")))
      cpSync(join(MIGRATIONS, file), join(migrationsDir, file));
    const newer = await startEmbedded(options);
    const results = await examine({ NEXT_PUBLIC_SUPABASE_URL: newer.url, SITE_URL: "http://localhost:3000" });
    await newer.close();
    expect(only(results.filter(({ check }) => check === "schema"))).toMatch(
      /Not applied: 20260404000000_secret_details\.sql and \d later ones\./,
    );
  });

  it("has row-level security off on a table, grants too many, and an API that hands out too few rows", async () => {
    const migrationsDir = newFolder();
    cpSync(MIGRATIONS, migrationsDir, { recursive: true });
    writeFileSync(
      join(migrationsDir, "99990101000000_mistakes.sql"),
      "alter table public.teams disable row level security; grant select on public.profiles to anon;",
    );
    const configFile = join(newFolder(), "config.toml");
    writeFileSync(configFile, '[api]\nschemas = ["public"]\nmax_rows = 100\n');
    const damaged = await start({ migrationsDir, configFile });
    const results = await examine({
      NEXT_PUBLIC_SUPABASE_URL: damaged.url,
      SITE_URL: "http://localhost:3000",
    });
    await damaged.close();
    expect(results.filter(({ verdict }) => verdict === "failure").map(({ says }) => says)).toEqual([
      "Row-level security is off on teams.",
      "More is granted than the app needs: grant select on profiles to anon.",
      "The Data API returns at most 100 rows at once, and the app needs 1000: longer lists would end early.",
    ]);
  });
});
