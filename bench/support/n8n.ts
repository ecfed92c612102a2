import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { freePort, HOST } from "../../scripts/embedded/ports.ts";
import { createDatabase } from "./database.ts";

const FOLDER = resolve(import.meta.dirname, "../peers");
const PACKAGE = join(FOLDER, "node_modules/n8n");
export const databaseOfN8n = "bench_n8n";
const FIRST_PORT = 3_267;
/** As many connections to PostgreSQL as the embedded Supabase opens; n8n's default is 2. */
const POOL_SIZE = 10;

export interface N8n {
  url: string;
  pid: number | undefined;
  /** The `Cookie` header of its owner's browser. */
  cookie: string;
  stop: () => Promise<void>;
}

/** Which n8n it is measured against. */
export function versionOfN8n(): string {
  return JSON.parse(readFileSync(join(FOLDER, "package.json"), "utf8")).dependencies.n8n;
}

/** Installs n8n below bench/peers, unless it is there: 2 GB that nothing else needs. No package's script is run. */
export function installN8n(): void {
  const manifest = join(PACKAGE, "package.json");
  // npm writes this when all packages are there.
  const isComplete = existsSync(join(FOLDER, "node_modules/.package-lock.json"));
  if (isComplete && JSON.parse(readFileSync(manifest, "utf8")).version === versionOfN8n()) return;
  console.error("Installing n8n, which takes some minutes.");
  const args = ["ci", "--prefix", FOLDER, "--ignore-scripts", "--no-audit", "--silent"];
  execFileSync("npm", args, { stdio: ["ignore", "ignore", "inherit"] });
}

/**
 * Starts n8n on a database of its own, with all off that would ask other hosts or start other processes, and makes
 * its owner. Other hosts are out of its reach besides.
 *
 * @param server URL of the PostgreSQL server, as its superuser
 * @throws Error if it ends by itself
 */
export async function startN8n(server: string): Promise<N8n> {
  await createDatabase(server, databaseOfN8n);
  const { hostname, port: databasePort, username, password, searchParams } = new URL(server);
  const folder = mkdtempSync(join(tmpdir(), "bench-n8n-"));
  const port = await freePort(FIRST_PORT);
  const url = `http://${HOST}:${port}`;
  const preloads = ["../../scripts/embedded/exit-with-parent.ts", "local-only.ts"].flatMap((file) => [
    "--import",
    pathToFileURL(join(import.meta.dirname, file)).href,
  ]);
  const child = spawn(process.execPath, [...preloads, join(PACKAGE, "bin/n8n"), "start"], {
    cwd: folder,
    // Nothing of this process's environment, which may hold secrets.
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      EXIT_WITH_PARENT: "1",
      NODE_ENV: "production",
      N8N_USER_FOLDER: folder,
      N8N_ENCRYPTION_KEY: randomBytes(32).toString("hex"),
      N8N_LISTEN_ADDRESS: HOST,
      N8N_PORT: String(port),
      // It is asked over http.
      N8N_SECURE_COOKIE: "false",
      DB_TYPE: "postgresdb",
      DB_POSTGRESDB_HOST: searchParams.get("host") ?? hostname,
      DB_POSTGRESDB_PORT: databasePort || "5432",
      DB_POSTGRESDB_DATABASE: databaseOfN8n,
      DB_POSTGRESDB_USER: decodeURIComponent(username),
      DB_POSTGRESDB_PASSWORD: decodeURIComponent(password),
      DB_POSTGRESDB_POOL_SIZE: String(POOL_SIZE),
      N8N_DIAGNOSTICS_ENABLED: "false",
      N8N_VERSION_NOTIFICATIONS_ENABLED: "false",
      N8N_TEMPLATES_ENABLED: "false",
      N8N_PERSONALIZATION_ENABLED: "false",
      N8N_HIRING_BANNER_ENABLED: "false",
      N8N_DYNAMIC_BANNERS_ENABLED: "false",
      N8N_COMMUNITY_PACKAGES_ENABLED: "false",
      N8N_LICENSE_AUTO_RENEW_ENABLED: "false",
      N8N_PUBLIC_API_DISABLED: "true",
      // Workflows' task runners would be processes of their own. This way n8n waits for one that never comes.
      N8N_RUNNERS_MODE: "external",
      N8N_RUNNERS_AUTH_TOKEN: randomBytes(32).toString("hex"),
      N8N_RUNNERS_BROKER_PORT: String(await freePort(port + 1)),
      // The other engines are native modules, or loaded with the first workflow.
      N8N_EXPRESSION_ENGINE: "legacy",
      N8N_LOG_LEVEL: "error",
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    detached: process.platform !== "win32",
  });
  const exited = once(child, "exit");
  const stop = async () => {
    end(child);
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const ended = exited.then(() => Promise.reject(new Error("n8n ended by itself.")));
  ended.catch(() => {});
  try {
    const cookie = await Promise.race([setUpOwner(url), ended]);
    return { url, pid: child.pid, cookie, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As soon as it answers as itself, and not with the page that it has while it starts. */
async function setUpOwner(url: string): Promise<string> {
  const body = JSON.stringify({
    email: "owner@example.com",
    firstName: "Bench",
    lastName: "Owner",
    password: "A-long-test-passw0rd",
  });
  for (;;) {
    const reply = await fetch(`${url}/rest/owner/setup`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    }).catch(() => undefined);
    const cookie = reply?.headers.getSetCookie().map((text) => text.split(";")[0]);
    if (reply?.ok && cookie?.length) return cookie.join("; ");
    if (reply && !reply.ok && ![404, 503].includes(reply.status)) {
      throw new Error(`${reply.status} ${(await reply.text()).slice(0, 300)}`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}

function end(child: ChildProcess): void {
  try {
    if (process.platform === "win32" || child.pid === undefined) child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
