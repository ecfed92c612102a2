import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { createClient } from "@supabase/supabase-js";
import { generate } from "selfsigned";
import { describe, expect, it, onTestFinished } from "vitest";
import { authFetch } from "../../lib/vault/session/auth-fetch.ts";
import { hasFailed } from "../../scripts/doctor/check.ts";
import { report } from "../../scripts/doctor/print.ts";
import { startEmbedded } from "../../scripts/embedded/server.ts";
import { startAuthStandIn } from "../support/auth-standin.ts";
import { copyCluster } from "../support/cluster.ts";
import { TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys.ts";
import {
  embedded,
  examine,
  hosted,
  newFolder,
  only,
  SECRETS,
  type Settings,
  settings,
  start,
  WRONG_SECRET,
} from "./doctor-harness.ts";
import { optionsFor } from "./template.ts";

const MIGRATIONS = resolve(import.meta.dirname, "../../supabase/migrations");

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
    const database = createClient(embedded.url, TEST_SECRET_KEY, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
    const checkValues = async () => (await database.from("vault_key_check").select().throwOnError()).data;
    const stored = await checkValues();
    await examine();
    expect(await checkValues()).toEqual(stored);
    const paths = hosted.requests
      .slice(before)
      .map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
    expect(new Set(paths.filter((path) => !path.startsWith("GET ")))).toEqual(
      new Set(["POST /rest/v1/rpc/doctor_rows", "POST /rest/v1/rpc/doctor_schema", "POST /auth/v1/token"]),
    );
    const tries = hosted.requests.slice(before).filter(({ path }) => path.startsWith("/auth/v1/token"));
    expect(tries.map(({ path, body }) => `${path} ${body}`)).toEqual(["/auth/v1/token?grant_type=doctor {}"]);
  });
});

it("The browser's name that doctor sends along with the secret key is what the app sends", async () => {
  const before = hosted.requests.length;
  await examine();
  await authFetch({
    secretKey: TEST_SECRET_KEY,
    publishableKey: TEST_PUBLISHABLE_KEY,
    clientAddress: "192.0.2.1",
    userAgent:
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
  }).fetch(`${hosted.url}/auth/v1/settings`);
  const sent = hosted.requests
    .slice(before)
    .filter(({ path, headers }) => path === "/auth/v1/settings" && headers.apikey === TEST_SECRET_KEY)
    .map(({ headers }) => headers["user-agent"]);
  expect(sent).toHaveLength(2);
  expect(sent[0]).toBe(sent[1]);
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
    await copyCluster(options.dataDir);
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
    writeFileSync(configFile, '[api]\nschemas = ["public"]\nmax_rows = 999\n');
    const damaged = await start({ migrationsDir, configFile });
    const results = await examine({
      NEXT_PUBLIC_SUPABASE_URL: damaged.url,
      SITE_URL: "http://localhost:3000",
    });
    await damaged.close();
    expect(results.filter(({ verdict }) => verdict === "failure").map(({ says }) => says)).toEqual([
      "The Data API returns at most 999 rows at once, and the app needs 1000: longer lists would end early.",
      "Row-level security is off on teams.",
      "More is granted than the app needs: grant select on profiles to anon.",
    ]);
  });
});
