/**
 * `npm run test:swap`: every test that a value passes through, with tests/bridge/crypto.ts in the place of
 * lib/vault/crypto.ts, in a copy of the project where nothing else differs. docs/masteryos-bridge.md says what it proves
 * and how to run a part, or the whole suite.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { projectFiles } from "../support/project-copy.ts";
import { startRemoteBackend } from "./remote-backend.ts";
import { differences, makeSwappedCopy, REPLACED, REPLACEMENT } from "./swapped-copy.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** Inside the project, so that hard links are possible, and ignored by git. */
const COPY = join(ROOT, ".data/swap");
const LATENCY_MS = 2;
/** Playwright's servers have 15 seconds to end. */
const STOP_TIMEOUT_MS = 30_000;

/** What one part runs in the copy. */
interface Part {
  command: string[];
  /** Which of its tests, unless the command line names some. The others cannot notice the swap. */
  tests: string[];
}

const playwright = ["@playwright/test/cli.js", "test"];
const PARTS: Record<string, Part> = {
  unit: {
    // The file's own tests are not asked of another one, and those in tests/bridge run over both as they are. The others
    // that are left out import it, and no value of theirs passes through it.
    command: [
      "vitest/vitest.mjs",
      "--run",
      ...[
        "unit/crypto*",
        "bridge/*",
        "unit/webhook-{send,tls}",
        "service/{account,account-deletion,activity,administration,alerts,doctor,doctor-environment,doctor-project}",
        "service/{invite-mail,limits,operator,team-invites,teams,usage}",
      ].flatMap((files) => ["--exclude", `tests/${files}.test.ts`]),
    ],
    // Those whose imports lead to the file.
    tests: ["related", REPLACED],
  },
  browser: {
    command: playwright,
    tests: [
      ...["vault.spec", "reveal.spec", "payers.spec", "canary.spec", "team-journey.spec"],
      ...["e2e/api.spec", "api/attacks.spec"],
    ],
  },
  outage: { command: [...playwright, "--config", "tests/bridge/playwright.config.ts"], tests: [] },
};

let child: ChildProcess | undefined;
let stoppedBy: NodeJS.Signals | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // Once: npm hands a Ctrl-C on, which the terminal sent here as well.
    if (!stoppedBy && child) stop(child);
    stoppedBy ??= signal;
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // Nothing is left of the group.
  }
}

function stop(running: ChildProcess): void {
  signalGroup(running, "SIGINT");
  setTimeout(() => signalGroup(running, "SIGKILL"), STOP_TIMEOUT_MS).unref();
}

/**
 * Runs a tool of the copy's packages in the copy.
 *
 * @returns its exit code; 1 if it was killed
 */
async function run(env: NodeJS.ProcessEnv, [tool = "", ...args]: string[]): Promise<number> {
  child = spawn(process.execPath, [join(COPY, "node_modules", tool), ...args], {
    cwd: COPY,
    env,
    stdio: ["ignore", "inherit", "inherit"],
    // A group of its own, so that Ctrl-C arrives once and nothing of it is left behind.
    detached: process.platform !== "win32",
  });
  if (stoppedBy) stop(child);
  const [code] = await once(child, "exit");
  signalGroup(child, "SIGKILL");
  return code ?? 1;
}

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(0)} s`;

/** @returns the exit code of the first part that failed; 0 if none did */
async function main(wanted: string[], args: string[]): Promise<number> {
  rmSync(COPY, { recursive: true, force: true });
  const files = projectFiles(ROOT);
  makeSwappedCopy(ROOT, COPY, files);
  const different = differences(ROOT, COPY, files);
  if (different.join() !== REPLACED) {
    console.error(
      `✗ The copy differs in ${different.join(", ") || "nothing"}, and should in ${REPLACED} alone.`,
    );
    return 1;
  }
  console.log(`✓ Of ${files.length} files the copy differs in one: ${REPLACED} is ${REPLACEMENT}.`);

  const backend = await startRemoteBackend({ latency: LATENCY_MS });
  const env = { ...process.env, VAULT_BACKEND_URL: backend.url, VAULT_BACKEND_TOKEN: backend.token };
  try {
    if (wanted.some((name) => name !== "unit")) {
      // What Turbopack keeps of the last build, each part under its content: only what the swap touches is built anew.
      const cache = ".next/cache/turbopack";
      if (existsSync(join(ROOT, cache))) cpSync(join(ROOT, cache), join(COPY, cache), { recursive: true });
      const code = await run(env, ["next/dist/bin/next", "build"]);
      if (code !== 0 || stoppedBy) return code;
    }
    for (const name of wanted) {
      console.log(`\n== ${name}, with ${REPLACEMENT} in the place of ${REPLACED}`);
      const [begun, before] = [Date.now(), backend.asked];
      const { command = [], tests = [] } = PARTS[name] ?? {};
      const code = await run(env, [...command, ...(args.length > 0 ? args : tests)]);
      if (code !== 0 || stoppedBy) return code;
      const calls = backend.asked - before;
      if (calls === 0) {
        console.error(`✗ ${name} made no call to the backend, so it proves nothing.`);
        return 1;
      }
      console.log(`✓ ${name}: passed in ${seconds(begun)}, with ${calls} calls to the backend.`);
    }
    return 0;
  } finally {
    await backend.close();
  }
}

const [part, ...args] = process.argv.slice(2);
if (part !== undefined && !(part in PARTS)) {
  console.error(`Usage: npm run test:swap [-- ${Object.keys(PARTS).join("|")} [its arguments]]`);
  process.exit(2);
}
const code = await main(part === undefined ? Object.keys(PARTS) : [part], args);
if (code !== 0 && !stoppedBy) console.error(`✗ The copy is kept for a look: ${COPY}`);
else rmSync(COPY, { recursive: true, force: true });
process.exitCode = stoppedBy ? 130 : code;
