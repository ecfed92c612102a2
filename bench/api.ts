import { buildApp, startApp } from "./support/app.ts";
import { type Engine, engines, startDatabase } from "./support/database.ts";
import { load, newPerson } from "./support/load.ts";
import { interleave, median, ratio, type Series, spread } from "./support/measure.ts";
import { residentMB } from "./support/processes.ts";
import { number, type Table, times } from "./support/table.ts";

// The production build, over HTTP, against a route of the same build that does as little as a route can. App, database
// and load share this machine's cores.

/** Connections, and for how many seconds: long enough for each to have some answers where there are many. */
const LOADS = [
  { connections: 1, seconds: 2 },
  { connections: 16, seconds: 3 },
  { connections: 64, seconds: 4 },
];
const ROUNDS = 9;
const SECRETS = 10;
const AT_LEAST = 0.85;
const P99_AT_MOST = 1.3;
const MEMORY_SECONDS = 20;

const PATHS = {
  "bare route, all rows": "/api/bench",
  list: "/api/vault",
  "bare route, one row": "/api/bench?key=KEY_1",
  reveal: "/api/vault?key=KEY_1&reveal=true",
};
type Name = keyof typeof PATHS;
/** What each is measured against. */
const BASES: [Name, Name][] = [
  ["list", "bare route, all rows"],
  ["reveal", "bare route, one row"],
];

async function measure(engine: Engine, folder: string): Promise<Table[]> {
  const database = await startDatabase(engine, 1_000);
  const app = await startApp(folder, database.url);
  try {
    const cookie = await newPerson(database.url, app.url, SECRETS);
    const names = Object.keys(PATHS) as Name[];
    const rows: Table["rows"] = [];
    const bounds: Table["bounds"] = [];
    for (const { connections, seconds } of LOADS) {
      const p99 = new Map<Name, Series>(names.map((name) => [name, []]));
      const rate = await interleave(names, { rounds: ROUNDS, warmUp: 1 }, async (name) => {
        const result = await load(`${app.url}${PATHS[name]}`, cookie, connections, seconds);
        p99.get(name)?.push(result.latency.p99);
        return result.requests.average;
      });
      // The first one was for warming up.
      for (const series of p99.values()) series.shift();
      const of = (measured: Map<Name, Series>, name: Name) => measured.get(name) ?? [];
      for (const [name, base] of BASES) {
        const [faster, later] = [rate, p99].map((measured) => ratio(of(measured, name), of(measured, base)));
        rows.push([
          `${name}, ${connections} connection${connections > 1 ? "s" : ""}`,
          number(median(of(rate, base))),
          number(median(of(rate, name))),
          `±${spread(of(rate, name)).toFixed(0)} %`,
          times(faster ?? Number.NaN),
          number(median(of(p99, base))),
          number(median(of(p99, name))),
          times(later ?? Number.NaN),
        ]);
        bounds.push(
          { what: `${name} at ${connections}, × requests`, value: faster ?? 0, at: "least", limit: AT_LEAST },
          { what: `${name} at ${connections}, × p99`, value: later ?? 99, at: "most", limit: P99_AT_MOST },
        );
      }
    }
    return [
      {
        title: `API, on ${engine}`,
        text:
          `Requests per second and the slowest hundredth in milliseconds: medians of ${ROUNDS} rounds. The ` +
          `person has ${SECRETS} secrets; a reveal also writes its event. For comparison, a bare route of the same build with ` +
          "the same session check and one select.",
        columns: ["", "bare /s", "vault /s", "spread", "×", "bare p99", "vault p99", "×"],
        rows,
        bounds,
      },
      await memory(engine, app, cookie),
    ];
  } finally {
    await app.stop();
    await database.stop();
  }
}

/** What the app's process has of the machine while everybody reveals. */
async function memory(
  engine: Engine,
  app: Awaited<ReturnType<typeof startApp>>,
  cookie: string,
): Promise<Table> {
  const samples: Series = [];
  const timer = setInterval(() => samples.push(residentMB(app.pid)), 1_000);
  const { requests } = await load(`${app.url}${PATHS.reveal}`, cookie, 64, MEMORY_SECONDS);
  clearInterval(timer);
  const quarter = Math.floor(samples.length / 4);
  const quarters = [0, 1, 2, 3].map((index) => median(samples.slice(index * quarter, (index + 1) * quarter)));
  return {
    title: `Memory, on ${engine}`,
    text: `The app's process during ${MEMORY_SECONDS} s of reveals at 64 connections (${requests.total.toLocaleString("en")} of them), in MB, quarter by quarter.`,
    columns: ["", "first", "second", "third", "fourth"],
    rows: [["resident, median", ...quarters.map((value) => number(value))]],
    bounds: [
      {
        what: "the last quarter, × the second",
        value: (quarters[3] ?? Number.NaN) / (quarters[1] ?? Number.NaN),
        at: "most",
        limit: 1.1,
      },
    ],
  };
}

export async function run(): Promise<Table[]> {
  const folder = buildApp();
  const tables: Table[] = [];
  for (const engine of engines()) tables.push(...(await measure(engine, folder)));
  return tables;
}
