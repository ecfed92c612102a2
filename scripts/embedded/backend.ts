import { join, relative, resolve } from "node:path";
import { createClient } from "@supabase/supabase-js";
import { readSmtp, type SmtpSettings } from "../../lib/smtp-settings.ts";
import { siteOrigin } from "../../lib/vault/http/site.ts";
import { checkKey, WrongMasterKey } from "../../lib/vault/key-check.ts";
import { findKey, KEY_VARIABLES, requireRightKeys } from "../../lib/vault/supabase-keys.ts";
import { sealPlainAddresses, WEBHOOK_CIPHERTEXTS } from "../../lib/webhooks/sealed.ts";
import { completeEnvFile, type Env, KEY_NAMES } from "./env-file.ts";
import { lockFolder } from "./lock.ts";
import { freePortFrom, portFrom } from "./ports.ts";
import { messageOf, StartProblem } from "./problem.ts";
import { requireRoom } from "./room.ts";
import { step } from "./steps.ts";

export type Mode = "dev" | "start" | "demo";

/** What the app talks to. */
export interface Backend {
  /** Variables that the app's process gets in addition to its own environment. */
  env: Env;
  /** Starts the backend, as far as it runs on this machine. */
  start: () => Promise<void>;
  /**
   * Compares the master key with the one that the database was encrypted with, if this process knows when it can ask.
   *
   * @throws StartProblem if it is another one
   */
  checkKey: () => Promise<void>;
  /**
   * Fills the database. Only in the demo.
   *
   * @param appUrl where the app answers
   */
  fill?: (appUrl: string) => Promise<void>;
  /** Stops whatever `start` has started. */
  stop: () => Promise<void>;
}

const DEFAULT_SUPABASE_PORT = 54321;

/**
 * The hosted Supabase where NEXT_PUBLIC_SUPABASE_URL says so, otherwise one that this process brings along.
 *
 * @param root the project's folder
 * @param settings the environment together with the `.env` files
 * @param siteUrl where users reach the app
 * @throws StartProblem where a setting is missing or wrong
 */
export async function chooseBackend(
  mode: Mode,
  root: string,
  settings: Env,
  siteUrl: string,
): Promise<Backend> {
  if (!settings.NEXT_PUBLIC_SUPABASE_URL) return embeddedBackend(mode, root, settings, siteUrl);
  if (mode === "demo") {
    throw new StartProblem("The demo starts its own Supabase. Unset NEXT_PUBLIC_SUPABASE_URL first.");
  }
  return hostedBackend(settings);
}

/**
 * Tries the master key with the vault's encryption, so that a malformed one is reported before anything starts. A service in
 * its place that can't be reached doesn't stop the start; lib/vault/startup.ts reports it when the app starts.
 */
async function checkMasterKey({ VAULT_MASTER_KEY }: Env): Promise<void> {
  if (VAULT_MASTER_KEY) process.env.VAULT_MASTER_KEY = VAULT_MASTER_KEY;
  const { encrypt } = await import("../../lib/vault/crypto.ts");
  await encrypt("start-up check").catch((error) => {
    if (error.code !== "vault_backend_unavailable") throw new StartProblem(messageOf(error));
  });
}

/** The app's own check, made here because the app may start before the database and would report it as unavailable. */
async function checkKeyOf(url: string, secretKey: string): Promise<void> {
  const options = { auth: { persistSession: false, autoRefreshToken: false } };
  const crypto = await import("../../lib/vault/crypto.ts");
  const database = createClient(url, secretKey, options);
  try {
    await checkKey(database, crypto, WEBHOOK_CIPHERTEXTS);
    await sealPlainAddresses(database, crypto);
  } catch (error) {
    if (error instanceof WrongMasterKey) throw new StartProblem(error.message);
    // The app tries both again before it encrypts anything.
    console.warn(`! Couldn't check the master key. ${messageOf(error)}`);
  }
}

/** @throws StartProblem naming what is missing or malformed, as the app would a moment later */
function smtpOf(settings: Env): SmtpSettings | undefined {
  const { settings: smtp, wrong } = readSmtp(settings);
  if (wrong.length === 0) return smtp;
  throw new StartProblem(`Can't send mail: ${wrong.join(", ")} missing or not valid. See .env.example.`);
}

/** @throws StartProblem where the app's address is none */
function originOf(siteUrl: string): string {
  try {
    return siteOrigin({ SITE_URL: siteUrl });
  } catch (error) {
    throw new StartProblem(messageOf(error));
  }
}

/** Where a person finds the mails that the app and the auth server write. */
function whereMailsAre(mode: Mode, origin: string, smtp: SmtpSettings | undefined): string {
  if (smtp) return `✓ Sending mail through ${smtp.host}`;
  if (mode === "start") return "✓ No mail is sent: its links are printed here";
  return `✓ No mail is sent: its links are printed here, and every message is at ${origin}/dev/mail`;
}

/** A Supabase that runs elsewhere: nothing of the embedded one is loaded. */
async function hostedBackend(settings: Env): Promise<Backend> {
  const missing = (["publishable", "secret"] as const)
    .filter((kind) => !findKey(kind, settings))
    .map((kind) => KEY_VARIABLES[kind][0]);
  if (missing.length > 0) {
    throw new StartProblem(
      `NEXT_PUBLIC_SUPABASE_URL is set, but ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not. ` +
        "Copy what is missing from the API keys page of your Supabase project.",
    );
  }
  try {
    requireRightKeys(settings);
  } catch (error) {
    throw new StartProblem(messageOf(error));
  }
  await checkMasterKey(settings);
  console.log(`Using Supabase at ${settings.NEXT_PUBLIC_SUPABASE_URL}`);
  // The app asks it by itself.
  return { env: {}, start: async () => {}, checkKey: async () => {}, stop: async () => {} };
}

async function embeddedBackend(mode: Mode, root: string, before: Env, siteUrl: string): Promise<Backend> {
  const dataDir = resolve(root, before.EMBEDDED_DATA_DIR || ".data", mode === "demo" ? "demo" : "dev");
  // Asked now already, so that a start that cannot succeed ends before it has begun anything.
  requireRoom(dataDir);
  lockFolder(dataDir)();
  const demo = mode === "demo" ? (await import("../demo/demo.ts")).openDemo(dataDir, before) : undefined;
  const keysFile = demo?.keysFile ?? join(root, ".env.local");
  const existing = demo?.settings ?? before;
  const added = completeEnvFile(keysFile, existing);
  const names = Object.keys(added);
  if (names.length > 0) console.log(`✓ Created in ${relative(root, keysFile)}: ${names.join(", ")}`);
  const settings = { ...existing, ...added };
  await checkMasterKey(settings);
  const smtp = smtpOf(settings);
  const origin = originOf(siteUrl);

  const shownDir = relative(process.cwd(), dataDir);
  const wanted = portFrom("EMBEDDED_SUPABASE_PORT", settings.EMBEDDED_SUPABASE_PORT);
  const port = await freePortFrom(wanted ?? DEFAULT_SUPABASE_PORT, "the embedded Supabase");
  const url = `http://127.0.0.1:${port}`;
  const secretKey = settings.SUPABASE_SECRET_KEY ?? "";
  const publishableKey = settings.NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY ?? "";
  const keys = Object.fromEntries(KEY_NAMES.map((name) => [name, settings[name]]));
  const demoEnv = demo && { ...keys, ...(await demo.start(port)) };
  let stop = async () => {};

  return {
    env: {
      NEXT_PUBLIC_SUPABASE_URL: url,
      VAULT_KEY_CHECK: "launcher",
      ...(!smtp && { MAILBOX: "launcher" }),
      ...demoEnv,
    },
    start: async () => {
      const supabase = await step(
        `Preparing the database in ${shownDir} (the first start takes a few seconds)`,
        async () => {
          const { startEmbedded } = await import("./server.ts");
          return startEmbedded({
            dataDir,
            port,
            publishableKey,
            secretKey,
            jwtSecret: settings.SUPABASE_JWT_SECRET ?? "",
            migrationsDir: join(root, "supabase/migrations"),
            siteUrl: origin,
            smtp,
            report: (line) => console.log(line),
          });
        },
        ({ created }, time) => `Database ready in ${shownDir} (${created ? "first start: " : ""}${time})`,
      );
      stop = supabase.close;
      console.log(whereMailsAre(mode, origin, smtp));
    },
    checkKey: () => checkKeyOf(url, secretKey),
    ...(demo && { fill: (appUrl: string) => demo.fill(appUrl, url, keys) }),
    stop: async () => {
      await stop();
      await demo?.stop();
    },
  };
}
