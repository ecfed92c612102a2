import type { Server } from "node:http";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import type { SmtpSettings } from "../../lib/smtp-settings.ts";
import { readSupabaseConfig } from "./config.ts";
import { ensureDatabase } from "./initialise.ts";
import { type LiteSettings, openSupabase, type Supabase } from "./lite.ts";
import { lockFolder } from "./lock.ts";
import { mailDriver, postBySmtp } from "./mail-driver.ts";
import { createMailbox, type Mailbox } from "./mailbox.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { type Handler, oneAtATime } from "./one-at-a-time.ts";
import { limitPasswordTries } from "./password-tries.ts";
import { HOST, KEEP_ALIVE_MS } from "./ports.ts";
import { messageOf, StartProblem } from "./problem.ts";
import { requireRoom } from "./room.ts";

export interface EmbeddedOptions extends Omit<LiteSettings, "email"> {
  /** Folder that holds the database and its lock; one process at a time. */
  dataDir: string;
  /** Port on 127.0.0.1; 0 takes any free one. */
  port: number;
  /** Folder of `<digits>_<name>.sql` files. */
  migrationsDir: string;
  /** Supabase CLI configuration with the `[auth]` settings; this project's own by default. */
  configFile?: string;
  /** Sends the mails on; without it they are caught, and the app finds them under `/mailbox`. */
  smtp?: SmtpSettings | undefined;
  /** Receives a line for each applied migration and each mail; nothing is printed by default. */
  report?: (line: string) => void;
}

export interface Embedded {
  /** What `createClient` of supabase-js takes. */
  url: string;
  /** Whether the database is new. */
  created: boolean;
  /** Stops the server, closes the database, and releases its folder; later calls wait for the same. */
  close: () => Promise<void>;
}

const CONFIG_FILE = join(import.meta.dirname, "../../supabase/config.toml");

/**
 * Starts a Supabase (REST and auth) inside this process, for development and for trying the app: PostgreSQL
 * as WebAssembly, data in a folder, reachable from this machine only. Killing the process at any moment
 * loses nothing that was acknowledged; power loss isn't covered, because the database runs without fsync. A full disk
 * refuses what would be written, and once there is space again, everything continues.
 *
 * @throws StartProblem when the folder is in use or its disk is full, a migration cannot be applied or the port is taken
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const config = readSupabaseConfig(options.configFile ?? CONFIG_FILE);
  const migrations = readMigrations(options.migrationsDir);
  requireRoom(options.dataDir);
  const unlock = lockFolder(options.dataDir);
  const report = options.report ?? (() => {});
  const { smtp, secretKey, siteUrl } = options;
  const mailbox = smtp ? undefined : createMailbox(secretKey, new URL(siteUrl).origin, report);
  const deliver = smtp ? postBySmtp(smtp, report) : mailbox?.catch;
  const settings: LiteSettings = { ...options, ...(deliver && { email: mailDriver(deliver) }) };
  let supabase: Supabase | undefined;
  try {
    const { folder, created } = await ensureDatabase(options.dataDir);
    supabase = await open(folder, config, settings);
    await migrate(supabase.connection, migrations, report);
    let current = supabase;
    let isReported = false;

    /** Opens the database again if it has stopped itself, once there is space for it. */
    const alive = async (): Promise<Supabase> => {
      if (!current.hasStopped()) return current;
      if (!isReported) report("! The database has stopped. It continues by itself once its disk has space.");
      isReported = true;
      requireRoom(options.dataDir);
      // Its memory and its open files are given up with it.
      await current.connection.driver.close().catch(() => {});
      current = await open(folder, config, settings);
      isReported = false;
      report("✓ The database continues. Nothing that was acknowledged is lost.");
      return current;
    };
    const { server, url } = await listen(alive, mailbox, options);

    let closing: Promise<void> | undefined;
    const close = async () => {
      await stopListening(server);
      if (!current.hasStopped()) await current.connection.close();
      unlock();
    };
    return {
      url,
      created,
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await supabase?.connection.close();
    unlock();
    throw error;
  }
}

async function open(...args: Parameters<typeof openSupabase>): Promise<Supabase> {
  try {
    return await openSupabase(...args);
  } catch (error) {
    throw new StartProblem(
      `Can't open the database in ${args[0]} (${messageOf(error)}). ` +
        "Move the folder away to start with an empty one.",
    );
  }
}

async function listen(
  alive: () => Promise<Supabase>,
  mailbox: Mailbox | undefined,
  options: EmbeddedOptions,
): Promise<{ server: Server; url: string }> {
  const answer = oneAtATime(async (request) => {
    const supabase = await alive().catch(() => undefined);
    return supabase ? supabase.app.fetch(request, { peerAddress: HOST }) : unavailable();
  });
  await warmUp(await alive(), answer, options.secretKey);
  const answerAll = limitPasswordTries(answer);

  return new Promise((resolve, reject) => {
    const server = serve(
      {
        hostname: HOST,
        port: options.port,
        fetch: (request) => {
          if (mailbox && new URL(request.url).pathname === "/mailbox") return mailbox.answer(request);
          return isPublic(request) ? answerAll(request) : new Response("Not found", { status: 404 });
        },
      },
      ({ port }) => resolve({ server, url: `http://${HOST}:${port}` }),
    ) as Server;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.once("error", (error) =>
      reject(
        new StartProblem(
          `Can't use port ${options.port} (${error.message}). Set EMBEDDED_SUPABASE_PORT to another one.`,
        ),
      ),
    );
  });
}

/** In the form of the REST API's own errors; the code is PostgreSQL's "cannot connect now". */
function unavailable(): Response {
  return Response.json({ code: "57P03", message: "The database has stopped." }, { status: 503 });
}

/** Lite also answers `/_system/*` without a key, with its configuration: nothing of the app needs that. */
function isPublic(request: Request): boolean {
  const { pathname } = new URL(request.url);
  // Without escapes, which Lite would undo after the limit of tries has looked at the address.
  return /^\/(rest|auth)\/v1\//.test(pathname) && !/^\/auth\/.*%/.test(pathname);
}

/**
 * Lite reads the schema when it is first asked for a table; do it now, so that the app's first requests
 * neither wait for that nor meet in the middle of it.
 */
async function warmUp(supabase: Supabase, answer: Handler, secretKey: string): Promise<void> {
  await supabase.connection.introspect({ useCache: true });
  const headers = { apikey: secretKey };
  for (const path of ["/rest/v1/", "/auth/v1/settings"]) {
    await (await answer(new Request(`http://${HOST}${path}`, { headers }))).text();
  }
}

function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
