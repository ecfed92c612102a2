import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";

const TIMEOUT_MS = 30_000;
const running = new Set<ChildProcess>();

/** What every program gets of this process's environment: nothing of a developer's own settings. */
export const BARE_ENV: Record<string, string> = {
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  HOME: process.env.HOME ?? "/",
  NEXT_TELEMETRY_DISABLED: "1",
  // Next 15 would look for its compiler's packages for other systems in npm's registry, and add them to the lock file.
  NEXT_IGNORE_INCORRECT_LOCKFILE: "1",
  ...(process.env.CI && { CI: process.env.CI }),
};

interface RunOptions {
  cwd: string;
  /** The whole environment; {@link BARE_ENV} unless told. */
  env?: Record<string, string>;
  /** Prints what it says as it says it. Otherwise that is in the error if it fails. */
  show?: boolean;
}

/**
 * Runs a program to its end.
 *
 * @returns what it said, unless that was shown
 * @throws Error if it does not end with 0
 */
export async function run(
  program: string,
  parameters: string[],
  { cwd, env = BARE_ENV, show = false }: RunOptions,
): Promise<string> {
  const output = show ? "inherit" : "pipe";
  // In a group of its own, so that endAll reaches what it has started too.
  const child: ChildProcess = spawn(program, parameters, {
    cwd,
    env: env as NodeJS.ProcessEnv,
    detached: true,
    stdio: ["ignore", output, output],
  });
  running.add(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      said += chunk;
    });
  try {
    const code = await new Promise((done, fail) => {
      child.once("error", fail);
      child.once("close", done);
    });
    if (code !== 0) throw new Error(`${program} ${parameters.join(" ")} ended with ${code}.\n${said}`);
    return said;
  } finally {
    running.delete(child);
  }
}

/** Ends the programs that are running, each with all that it has started. */
export function endAll(): void {
  for (const { pid } of running) if (pid) process.kill(-pid, "SIGTERM");
}

/** An app's production server. */
export interface Server {
  /** What it has said. */
  output: () => string;
  /** The status of its first answer, once there is one. */
  status: (url: string) => Promise<number>;
  stop: () => Promise<void>;
}

/**
 * Starts an app that was built, on 127.0.0.1.
 *
 * @param env besides {@link BARE_ENV}
 */
export function serve(app: string, port: number, env: Record<string, string>): Server {
  const next = join(app, "node_modules/next/dist/bin/next");
  const child = spawn(process.execPath, [next, "start", "--hostname", "127.0.0.1", "--port", String(port)], {
    cwd: app,
    env: { ...BARE_ENV, ...env } as NodeJS.ProcessEnv,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const ended = once(child, "exit");
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      said += chunk;
    });
  }
  return {
    output: () => said,
    async status(url) {
      for (;;) {
        const reply = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => undefined);
        if (reply) return reply.status;
        if (child.exitCode !== null)
          throw new Error(`The app in ${app} ended with ${child.exitCode}:\n${said}`);
        await setTimeout(100);
      }
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
      running.delete(child);
    },
  };
}
