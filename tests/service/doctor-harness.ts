import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, vi } from "vitest";
import { hasFailed, type Result } from "../../scripts/doctor/check.ts";
import { report } from "../../scripts/doctor/print.ts";
import { type Embedded, type EmbeddedOptions, startEmbedded } from "../../scripts/embedded/server.ts";
import { defaultSettings } from "../support/hosted/settings.ts";
import { type HostedAuth, type HostedSettings, startHostedAuth } from "../support/hosted-auth.ts";
import { OTHER_MASTER_KEY, TEST_MASTER_KEY, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys.ts";
import { startSmtpServer } from "../support/smtp-server.ts";
import { optionsFor } from "./template.ts";

// For each file of doctor's tests: a project as somebody has it who has done everything right.

export type Settings = Record<string, string | undefined>;

export const SITE = "https://vault.example.com";
export const WRONG_PUBLISHABLE = "sb_publishable_wrong-not-real-0000000000";
export const WRONG_SECRET = "sb_secret_wrong-not-real-0000000000000000";
const SMTP_PASSWORD = "smtp-password-not-real";

/** Whatever the environment says, none of these is ever printed. */
export const SECRETS = [
  ...[TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY, TEST_MASTER_KEY, OTHER_MASTER_KEY],
  ...[WRONG_PUBLISHABLE, WRONG_SECRET, SMTP_PASSWORD],
];

export let embedded: Embedded;
/** In front of it, as hosted Supabase answers. */
export let hosted: HostedAuth;
let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
const folders: string[] = [];

/** A folder that is gone after the file's tests. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "doctor-"));
  folders.push(folder);
  return folder;
}

/** An embedded Supabase on a copy of the migrated database. */
export async function start(more: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const dataDir = newFolder();
  cpSync(inject("template"), dataDir, { recursive: true });
  return startEmbedded({ ...optionsFor(dataDir), ...more });
}

beforeAll(async () => {
  embedded = await start();
  hosted = await startHostedAuth(0, embedded.url);
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

/** The environment. */
export const settings = (): Settings => ({
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

/** A project that answers a path so, and all others as ever. */
export const answering = (wanted: string, status: number, body: unknown): Partial<HostedSettings> => ({
  answer: ({ path }) => (path.replace(/\?.*/, "") === wanted ? { status, body } : undefined),
});

/** What doctor finds in a process of its own, after looking through everything that it would print. */
export async function examine(changes: Settings = {}): Promise<Result[]> {
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
export function only(results: Result[]): string {
  const wrong = results.filter(({ verdict }) => verdict === "failure" || verdict === "warning");
  expect(wrong.map(({ check, says }) => `${check}: ${says}`)).toHaveLength(1);
  const [{ verdict, says, remedy } = { verdict: "ok", says: "", remedy: "" }] = wrong;
  expect(hasFailed(results, false)).toBe(verdict === "failure");
  expect(hasFailed(results, true)).toBe(true);
  return `${verdict}: ${says} → ${remedy}`;
}

/** What `only` says of a mistake. */
export const matching = (found: string | RegExp) =>
  typeof found === "string" ? expect.stringContaining(found) : expect.stringMatching(found);
