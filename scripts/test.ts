/**
 * `npm test`: one npm command after the other, whether or not one before it failed, so that one failing test doesn't hide
 * the rest. Says at the end which failed, and exits with 1 then.
 *
 * SIGINT and SIGTERM are passed on to the running command, and no other one begins after them.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

const commands = process.argv.slice(2);
const failed: string[] = [];
let stoppedBy: NodeJS.Signals | undefined;

for (const command of commands) {
  // npm passes no SIGINT on, so that the signal goes to a process group of its own.
  const isWindows = process.platform === "win32";
  const child = spawn("npm", ["run", command], { stdio: "inherit", shell: isWindows, detached: !isWindows });
  const passOn = (signal: NodeJS.Signals) => {
    stoppedBy = signal;
    if (isWindows || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  };
  process.on("SIGINT", passOn).on("SIGTERM", passOn);
  const [code, signal] = await once(child, "exit");
  process.off("SIGINT", passOn).off("SIGTERM", passOn);
  if (code !== 0) failed.push(command);
  stoppedBy ??= signal ?? undefined;
  if (stoppedBy) break;
}

if (failed.length > 0)
  console.error(`\n✗ Failed: ${failed.map((command) => `npm run ${command}`).join(", ")}`);
if (stoppedBy) process.exitCode = stoppedBy === "SIGINT" ? 130 : 143;
else process.exitCode = failed.length > 0 ? 1 : 0;
