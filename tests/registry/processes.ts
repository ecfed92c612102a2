import { type ChildProcess, spawn } from "node:child_process";
import { dirname } from "node:path";

const running = new Set<ChildProcess>();

/** What every program gets of this process's environment: nothing of a developer's own settings. */
export const BARE_ENV: Record<string, string> = {
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  HOME: process.env.HOME ?? "/",
  NEXT_TELEMETRY_DISABLED: "1",
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
 * @throws Error if it does not end with 0
 */
export async function run(
  program: string,
  parameters: string[],
  { cwd, env = BARE_ENV, show = false }: RunOptions,
): Promise<void> {
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
  } finally {
    running.delete(child);
  }
}

/** Ends the programs that are running, each with all that it has started. */
export function endAll(): void {
  for (const { pid } of running) if (pid) process.kill(-pid, "SIGTERM");
}
