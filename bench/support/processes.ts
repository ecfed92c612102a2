import { readdirSync, readFileSync } from "node:fs";

// What Linux says of processes; without /proc, there is nothing to say.

export interface ProcessInfo {
  pid: number;
  name: string;
  group: number;
}

/** Of a second, as every Linux that Node runs on counts. */
const TICKS = 100;

/** Which processes are meant. */
export type Counts = (process: ProcessInfo) => boolean;

/** @returns the seconds of CPU that these processes have taken so far; NaN where that cannot be known */
export function cpuSeconds(counts: Counts): number {
  const all = matching(counts).map(({ ticks }) => ticks / TICKS);
  return all.length > 0 ? sum(all) : Number.NaN;
}

/**
 * The memory that these processes have now. A page that several processes share counts in equal parts for each, which
 * the sum of what each has resident would count several times.
 *
 * @returns how many processes, and MB of them together; NaN where that cannot be known
 */
export function memoryOf(counts: Counts): { processes: number; MB: number } {
  const all = matching(counts).map(({ pid }) => proportionalMB(read(`/proc/${pid}/smaps_rollup`)));
  return { processes: all.length, MB: all.length > 0 ? sum(all) : Number.NaN };
}

/** @param rollup the content of a process's smaps_rollup; empty if it has ended */
export function proportionalMB(rollup: string): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) / 1024;
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function matching(counts: Counts): { pid: number; ticks: number }[] {
  return entries().flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    const stat = read(`/proc/${entry}/stat`);
    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the name is in parentheses, and may hold any.
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const rest = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [group, user, system] = [rest[2], rest[11], rest[12]].map(Number);
    const pid = Number(entry);
    if (group === undefined || !counts({ pid, name, group })) return [];
    return [{ pid, ticks: Number(user) + Number(system) }];
  });
}

/**
 * What a process has taken so far, together with those that it started, whether they have ended or not.
 *
 * @returns seconds of CPU, and MB read from the disk; NaN where that can't be known
 */
export function takenByTree(root: number): { cpu: number; readMB: number } {
  const children = new Map<number, number[]>();
  const cpu = new Map<number, number>();
  for (const pid of entries().filter((entry) => /^\d+$/.test(entry))) {
    const stat = read(`/proc/${pid}/stat`);
    const rest = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // Its own, and that of children that have ended and been waited for.
    const [parent, ...ticks] = [rest[1], rest[11], rest[12], rest[13], rest[14]].map(Number);
    cpu.set(Number(pid), ticks.reduce((sum, each) => sum + each, 0) / TICKS);
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(pid)]);
  }
  const total = { cpu: cpu.size > 0 ? 0 : Number.NaN, readMB: cpu.size > 0 ? 0 : Number.NaN };
  const add = (pid: number) => {
    total.cpu += cpu.get(pid) ?? 0;
    // The kernel adds what children have read, too, once they have been waited for.
    total.readMB += Number(/^read_bytes: (\d+)/m.exec(read(`/proc/${pid}/io`))?.[1] ?? 0) / 1e6;
    for (const child of children.get(pid) ?? []) add(child);
  };
  add(root);
  return total;
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
