import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../scripts/embedded/ports.ts";
import { copyProject, projectFiles } from "../tests/support/project-copy.ts";
import { interleave, median, type Series, spread } from "./support/measure.ts";
import { emptyPageCache } from "./support/page-cache.ts";
import { takenByTree } from "./support/processes.ts";
import { number, type Table } from "./support/table.ts";

// `npm run dev` on an installed checkout, in a copy of the project: the very first time, and once there is a database; and
// the very first time with nothing of the project in memory. What npm itself is made of may be in memory even then.

const ROOT = resolve(import.meta.dirname, "..");
const COPY = join(ROOT, ".data/bench/start");
const ROUNDS = 5;
const APP_PORT = 3307;
const SUPABASE_PORT = 54_407;
const FIRST_PAGE_WITHIN = 10;
/** The largest files of a start: what has to be read from the disk for it to be a cold one. */
const LARGE = /\.(node|wasm)$|^node_modules\/node-[\w-]+\/bin\/node$/;

const COLD = "the very first start, cold";
const WARM = ["the very first start", "a later start"] as const;
type Start = (typeof WARM)[number] | typeof COLD;

interface Times {
  /** Seconds from when the database is begun until it is there, as the command says itself. */
  database: number;
  /** Seconds from the command until the sign-in page has been compiled and sent. */
  page: number;
  /** Seconds of CPU until then, of everything that the command starts. */
  cpu: number;
  /** MB read from the disk until then. */
  readMB: number;
}

/** @throws Error if it ends before it answers */
async function start(kind: Start): Promise<Times> {
  if (kind !== "a later start") {
    for (const made of [".next", ".data", ".env.local"]) {
      rmSync(join(COPY, made), { recursive: true, force: true });
    }
  }
  const port = await freePort(APP_PORT);
  const supabasePort = await freePort(SUPABASE_PORT);
  if (kind === COLD) await requireCold();
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const child = spawn("npm", ["run", "dev"], {
    cwd: COPY,
    env: {
      ...process.env,
      PORT: String(port),
      EMBEDDED_SUPABASE_PORT: String(supabasePort),
      NEXT_PUBLIC_SUPABASE_URL: "",
    },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  try {
    let database = Number.NaN;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes("Database ready")) database = Number(/([\d.]+) s\)$/.exec(line)?.[1]);
      if (line.startsWith("Command Center is at")) break;
    }
    if (Number.isNaN(database)) throw new Error("npm run dev ended by itself.");
    const login = await fetch(`http://127.0.0.1:${port}/login`);
    if (!login.ok) throw new Error(`The login page answers ${login.status}.`);
    await login.text();
    const page = seconds();
    return { database, page, ...takenByTree(child.pid ?? 0) };
  } finally {
    const exited = once(child, "exit");
    if (child.pid !== undefined && child.exitCode === null) {
      process.kill(-child.pid, "SIGINT");
      await exited;
    }
  }
}

/** How often the page cache is emptied, a second apart, until it is empty. */
const ATTEMPTS = 30;

/** Files of the copy that a start reads much of. */
let large: string[] = [];

/**
 * Empties the page cache, once the processes of the start before have let go of their files.
 *
 * @throws Error that says what is still in memory
 */
async function requireCold(): Promise<void> {
  let problem: string | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    problem = emptyPageCache(large);
    if (!problem) return;
    await setTimeout(1_000);
  }
  throw new Error(`The page cache can't be emptied: ${problem}.`);
}

/** Copies the project; what this process itself runs from is no hard link, because it would stay in memory. */
function copy(): void {
  rmSync(COPY, { recursive: true, force: true });
  mkdirSync(COPY, { recursive: true });
  const files = projectFiles(ROOT);
  copyProject(ROOT, COPY, files);
  large = files.filter((file) => LARGE.test(file)).map((file) => join(COPY, file));
  for (const file of large.filter(existsSync)) {
    copyFileSync(file, `${file}.copy`);
    renameSync(`${file}.copy`, file);
  }
}

export async function run(): Promise<Table[]> {
  copy();
  const problem = emptyPageCache(large);
  if (problem) console.error(`Without a cold start: ${problem}.`);
  const kinds: Start[] = problem ? [...WARM] : [COLD, ...WARM];
  const all = new Map<Start, Times[]>(kinds.map((kind) => [kind, []]));
  await interleave(kinds, { rounds: ROUNDS, warmUp: 1 }, async (kind) => {
    const times = await start(kind);
    all.get(kind)?.push(times);
    return times.page;
  });
  const series = (kind: Start, what: keyof Times): Series =>
    // The first one was for warming up.
    (all.get(kind) ?? []).slice(1).map((times) => times[what]);
  return [
    {
      title: "Starting",
      text:
        "Seconds from `npm run dev` on an installed checkout until the sign-in page has been compiled and sent; how many " +
        "of them the embedded database took; and seconds of CPU and MB read from the disk until then. Cold: with an " +
        `empty page cache. Medians of ${ROUNDS} rounds.`,
      columns: ["", "its database", "sign-in page", "spread", "CPU", "MB read"],
      rows: kinds.map((kind) => [
        kind,
        number(median(series(kind, "database")), 1),
        number(median(series(kind, "page")), 1),
        `±${spread(series(kind, "page")).toFixed(0)} %`,
        number(median(series(kind, "cpu")), 1),
        number(median(series(kind, "readMB"))),
      ]),
      bounds: kinds.map((kind) => ({
        what: `${kind}: the sign-in page, seconds`,
        value: median(series(kind, "page")),
        at: "most" as const,
        limit: FIRST_PAGE_WITHIN,
      })),
    },
  ];
}
