import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const EVERY_MS = 500;

/**
 * Calls back once npm has ended, if npm runs this process as one of its scripts. npm passes on some signals, but to a shell in
 * between that passes on none, so its end, or the shell's, is all that this process can notice. Other parents may well end
 * before this process, as `nohup` and supervisors do; then nothing is watched.
 *
 * @param script the name that package.json has for this process
 */
export async function watchNpm(script: string, onGone: () => void): Promise<void> {
  const { npm_lifecycle_event, npm_lifecycle_script } = process.env;
  if (npm_lifecycle_event !== script || !npm_lifecycle_script || process.platform === "win32") return;
  const parent = process.ppid;
  const { ppid: grandparent, command } = await processOf(parent);
  // Some shells put the last command in their own place; the parent is npm then.
  const hasShell = command.includes(npm_lifecycle_script);
  const isGone = async () => {
    if (process.ppid !== parent) return true;
    // If it can't be read, npm hasn't ended: the shell's own end is seen above.
    const { ppid = grandparent } = hasShell ? await processOf(parent) : {};
    return ppid !== grandparent;
  };
  const timer = setInterval(async () => {
    if (!(await isGone())) return;
    clearInterval(timer);
    onGone();
  }, EVERY_MS);
}

/** The parent of a process, and its command line; nothing if that can't be read. */
async function processOf(pid: number): Promise<{ ppid?: number; command: string }> {
  try {
    if (process.platform === "linux") {
      const [stat, command] = await Promise.all(
        ["stat", "cmdline"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8")),
      );
      // The name in parentheses may hold anything; the state and the parent's id follow (proc_pid_stat(5)).
      const ppid = Number(/^.*\) \S (\d+) /s.exec(stat ?? "")?.[1]);
      return { ppid, command: (command ?? "").replaceAll("\0", " ") };
    }
    const { stdout } = await promisify(execFile)("ps", ["-o", "ppid=,args=", "-p", String(pid)]);
    const [, ppid, command = ""] = /^\s*(\d+) (.*)/s.exec(stdout) ?? [];
    return { ppid: Number(ppid), command };
  } catch {
    return { command: "" };
  }
}
