import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { HOST, KEEP_ALIVE_MS } from "./ports.ts";

/** How long Next may take to end by itself before it is killed. */
const STOP_TIMEOUT_MS = 5_000;

/** Next's own banner: the launcher prints the same information. */
const BANNER = /^\s*(▲ Next\.js |- (Local|Network|Environments):|✓ (Starting|Ready|Running next\.config)\b)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences begin with it
const TERMINAL_SEQUENCES = /\u001b\[[0-9;?]*[a-z]/gi;

export interface NextProcess {
  pid: number | undefined;
  /** Resolves with the exit code once Next has ended, for whatever reason. */
  exited: Promise<number>;
  /** Resolves once the sign-in page has been answered, with any status; in development, compiled before that. */
  ready: () => Promise<void>;
  /** Ends Next and everything it started; resolves when they are gone. */
  stop: () => Promise<void>;
  /** The same immediately, without giving Next time to clean up. */
  kill: () => void;
}

/**
 * Starts `next dev` or `next start` in a process group of its own, so that Ctrl-C reaches the launcher alone
 * and things stop in order.
 *
 * @param command which of Next's servers
 * @param root the project's folder
 * @param port port on 127.0.0.1
 * @param env the complete environment of the process
 */
export function startNext(
  command: "dev" | "start",
  root: string,
  port: number,
  env: NodeJS.ProcessEnv,
): NextProcess {
  const preload = pathToFileURL(`${import.meta.dirname}/exit-with-parent.ts`).href;
  const child = spawn(
    process.execPath,
    [
      `--import=${preload}`,
      `${root}/node_modules/next/dist/bin/next`,
      command,
      "-H",
      HOST,
      "-p",
      String(port),
      ...(command === "start" ? ["--keepAliveTimeout", String(KEEP_ALIVE_MS)] : []),
    ],
    {
      cwd: root,
      env: {
        ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}),
        ...env,
        EXIT_WITH_PARENT: "1",
      },
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      detached: process.platform !== "win32",
    },
  );
  printWithoutBanner(child);
  const exited = once(child, "exit").then(([code]: (number | null)[]) => code ?? 1);
  const kill = () => signalGroup(child, "SIGKILL");

  return {
    pid: child.pid,
    exited,
    ready: () => untilItAnswers(port),
    stop: async () => {
      signalGroup(child, "SIGTERM");
      const timer = setTimeout(kill, STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
      kill();
    },
    kill,
  };
}

async function untilItAnswers(port: number): Promise<void> {
  for (;;) {
    try {
      await ask(`http://${HOST}:${port}/login`);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function ask(url: string): Promise<void> {
  const response = await fetch(url, { redirect: "manual" });
  await response.arrayBuffer();
}

/** Passes Next's output on, line by line, except for the banner and the blank lines around it. */
function printWithoutBanner(child: ChildProcess): void {
  if (!child.stdout) return;
  let inBanner = true;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const plain = line.replace(TERMINAL_SEQUENCES, "");
    const blank = plain.trim() === "";
    if (BANNER.test(plain) || (blank && (inBanner || line !== plain))) return;
    inBanner = false;
    console.log(line);
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Nothing is left of the group.
  }
}
