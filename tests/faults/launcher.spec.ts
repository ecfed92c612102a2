import { execFileSync, spawn } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { lockFolder } from "../../scripts/embedded/lock";
import { isFree } from "../../scripts/embedded/ports";
import { APP_ENV } from "../support/app-env";
import { APP_PORT, APP_URL, SUPABASE_PORT } from "../support/ports";
import { dataFolder, ROOT, type Running, run, until } from "./servers";

// `npm start` is npm, a shell, the launcher with the database in it, and Next. Whatever ends one of the first three
// ends them all.

const folder = dataFolder();
test.beforeAll(() => {
  if (!process.env.FAULTS_TEMPLATE) throw new Error("There is no template: see tests/faults/template.ts.");
  cpSync(process.env.FAULTS_TEMPLATE, join(folder.path, "dev"), { recursive: true });
});
test.afterAll(() => folder.remove());

const env = { ...APP_ENV, EMBEDDED_DATA_DIR: folder.path };

interface Row {
  pid: number;
  ppid: number;
  args: string;
}

function processes(): Row[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, pid, ppid, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid ? [{ pid: Number(pid), ppid: Number(ppid), args }] : [];
  });
}

/** All that a process has started, each after what started it. */
function descendants(pid: number): Row[] {
  const all = processes();
  const below = (parent: number): Row[] =>
    all.filter(({ ppid }) => ppid === parent).flatMap((child) => [child, ...below(child.pid)]);
  return below(pid);
}

/** Starts it as a person would, and finds its processes. */
async function start(command: string, parameters: string[]) {
  const npm = run(command, parameters, env);
  await until("The app does not start", () => npm.output().includes("Command Center is at"), npm);
  expect((await fetch(`${APP_URL}/login`)).status).toBe(200);
  const below = descendants(npm.pid);
  const launcher = below.findLast(({ args }) => args.includes("scripts/start.ts start"));
  const shell = below.find(({ args }) => args.startsWith("sh -c"));
  expect(launcher).toBeDefined();
  return { npm, below, pids: { all: -npm.pid, npm: npm.pid, shell: shell?.pid, launcher: launcher?.pid } };
}

const isAlive = (pid: number) =>
  processes().some((row) => row.pid === pid && !row.args.includes("<defunct>"));

/** Waits until the ports are free, the database's folder is, and no process is left. */
async function expectAllGone(npm: Running, below: Row[]): Promise<void> {
  for (const port of [APP_PORT, SUPABASE_PORT]) {
    await expect.poll(() => isFree(port), { message: `Port ${port}` }).toBe(true);
  }
  await expect.poll(() => below.filter(({ pid }) => isAlive(pid))).toEqual([]);
  lockFolder(join(folder.path, "dev"))();
  await npm.ended;
}

// SIGINT to npm alone ends nothing: the shell lets the launcher finish, which has got none. Ctrl-C reaches all of them.
const ENDS: [NodeJS.Signals, "all" | "npm" | "shell" | "launcher"][] = [
  ["SIGINT", "all"],
  ["SIGHUP", "all"],
  ["SIGTERM", "npm"],
  ["SIGHUP", "npm"],
  ["SIGKILL", "npm"],
  ["SIGTERM", "shell"],
  ["SIGKILL", "shell"],
  ["SIGTERM", "launcher"],
  ["SIGHUP", "launcher"],
  ["SIGKILL", "launcher"],
];

for (const [signal, whom] of ENDS) {
  test(`npm start: ${signal} to ${whom} ends the app and its database`, async () => {
    const { npm, below, pids } = await start("npm", ["start"]);
    try {
      const pid = pids[whom];
      test.skip(pid === undefined, "This machine's shell puts the launcher in its own place.");
      if (pid) process.kill(pid, signal);
      await expectAllGone(npm, below);
    } finally {
      await npm.kill();
      for (const { pid } of below) if (isAlive(pid)) process.kill(pid, "SIGKILL");
    }
  });
}

test("npm start goes on where only what started npm ends", async () => {
  const shell = spawn("sh", ["-c", "npm start & echo $!; wait"], { cwd: ROOT, env, detached: true });
  let output = "";
  shell.stdout.on("data", (chunk) => {
    output += chunk;
  });
  try {
    await expect.poll(() => output).toContain("Command Center is at");
    shell.kill("SIGKILL");
    await expect.poll(() => shell.signalCode).toBe("SIGKILL");
    // Several times as long as it takes to notice.
    await sleep(3_000);
    expect((await fetch(`${APP_URL}/login`)).status).toBe(200);
  } finally {
    process.kill(Number(output.split("\n", 1)[0]), "SIGTERM");
  }
  for (const port of [APP_PORT, SUPABASE_PORT]) {
    await expect.poll(() => isFree(port)).toBe(true);
  }
});
