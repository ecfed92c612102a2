import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../scripts/embedded/ports.ts";
import { copyProject, projectFiles } from "../tests/support/project-copy.ts";
import { interleave, median, type Series, spread } from "./support/measure.ts";
import { number, type Table } from "./support/table.ts";

// `npm run dev` on an installed checkout, in a copy of the project: the very first time, and once there is a database.

const ROOT = resolve(import.meta.dirname, "..");
const COPY = join(ROOT, ".data/bench/start");
const ROUNDS = 5;
const APP_PORT = 3307;
const SUPABASE_PORT = 54_407;
const ANSWERS_WITHIN = 8;
const DATABASE_WITHIN = 6;

const STARTS = ["the very first start", "a later start"] as const;
type Start = (typeof STARTS)[number];

/** Seconds from the command to each of these, except for the first. */
interface Times {
  /** From when the database is begun until it is there, as the command says itself. */
  database: number;
  answers: number;
  login: number;
}

/** @throws Error if it ends before it answers */
async function start(kind: Start): Promise<Times> {
  if (kind === "the very first start") {
    for (const made of [".next", ".data", ".env.local"]) {
      rmSync(join(COPY, made), { recursive: true, force: true });
    }
  }
  const port = await freePort(APP_PORT);
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const child = spawn("npm", ["run", "dev"], {
    cwd: COPY,
    env: {
      ...process.env,
      PORT: String(port),
      EMBEDDED_SUPABASE_PORT: String(await freePort(SUPABASE_PORT)),
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
    const answers = seconds();
    const login = await fetch(`http://127.0.0.1:${port}/login`);
    if (!login.ok) throw new Error(`The login page answers ${login.status}.`);
    await login.text();
    return { database, answers, login: seconds() };
  } finally {
    const exited = once(child, "exit");
    if (child.pid !== undefined && child.exitCode === null) {
      process.kill(-child.pid, "SIGINT");
      await exited;
    }
  }
}

export async function run(): Promise<Table[]> {
  rmSync(COPY, { recursive: true, force: true });
  mkdirSync(COPY, { recursive: true });
  copyProject(ROOT, COPY, projectFiles(ROOT));
  const all = new Map<Start, Times[]>(STARTS.map((kind) => [kind, []]));
  await interleave(STARTS, { rounds: ROUNDS, warmUp: 1 }, async (kind) => {
    const times = await start(kind);
    all.get(kind)?.push(times);
    return times.answers;
  });
  const series = (kind: Start, what: keyof Times): Series =>
    // The first one was for warming up.
    (all.get(kind) ?? []).slice(1).map((times) => times[what]);
  return [
    {
      title: "Starting",
      text:
        "Seconds from `npm run dev` on an installed checkout until the app answers, and until the login page has been " +
        `compiled and sent; and how many of them the embedded database took. Medians of ${ROUNDS} rounds.`,
      columns: ["", "its database", "answers", "spread", "login page"],
      rows: STARTS.map((kind) => [
        kind,
        number(median(series(kind, "database")), 1),
        number(median(series(kind, "answers")), 1),
        `±${spread(series(kind, "answers")).toFixed(0)} %`,
        number(median(series(kind, "login")), 1),
      ]),
      bounds: [
        {
          what: "a later start answers, seconds",
          value: median(series("a later start", "answers")),
          at: "most",
          limit: ANSWERS_WITHIN,
        },
        {
          what: "the first start answers, seconds",
          value: median(series("the very first start", "answers")),
          at: "most",
          limit: ANSWERS_WITHIN,
        },
        {
          what: "the database's first initialisation, seconds",
          value: median(series("the very first start", "database")),
          at: "most",
          limit: DATABASE_WITHIN,
        },
      ],
    },
  ];
}
