import { readdirSync, readFileSync } from "node:fs";

// What Linux says of processes; without /proc, there is nothing to say.

export interface ProcessInfo {
  pid: number;
  name: string;
  group: number;
}

/** Of a second, as every Linux that Node runs on counts. */
const TICKS = 100;

/**
 * @param counts which processes
 * @returns the seconds of CPU that they have taken so far; NaN where that cannot be known
 */
export function cpuSeconds(counts: (process: ProcessInfo) => boolean): number {
  let ticks = Number.NaN;
  for (const pid of entries().filter((entry) => /^\d+$/.test(entry))) {
    const stat = read(`/proc/${pid}/stat`);
    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the name is in parentheses, and may hold any.
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const rest = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [group, user, system] = [rest[2], rest[11], rest[12]].map(Number);
    if (group === undefined || !counts({ pid: Number(pid), name, group })) continue;
    ticks = (Number.isNaN(ticks) ? 0 : ticks) + Number(user) + Number(system);
  }
  return ticks / TICKS;
}

/** @returns the memory that a process has now, in MB; NaN where that cannot be known */
export function residentMB(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1]) / 1024;
}

function entries(): string[] {
  try {
    return readdirSync("/proc");
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It has ended, or there is no /proc.
    return "";
  }
}
