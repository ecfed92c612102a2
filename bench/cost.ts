import { buildApp, startApp } from "./support/app.ts";
import { type Engine, engines, startDatabase } from "./support/database.ts";
import { load, newPerson } from "./support/load.ts";
import { interleave, median, type Series, spread } from "./support/measure.ts";
import { cpuSeconds, type ProcessInfo } from "./support/processes.ts";
import { number, type Table } from "./support/table.ts";

// What each part of a request costs, and whom: so that one can tell what is full first, and what more of it would bring.

const CONNECTIONS = 64;
const SECONDS = 4;
const ROUNDS = 3;

const PATHS = {
  "Next alone": "/api/bench?only=next",
  "and the session check": "/api/bench?only=session",
  "and one select": "/api/bench?key=KEY_1",
  list: "/api/vault",
  reveal: "/api/vault?key=KEY_1&reveal=true",
};
type Name = keyof typeof PATHS;

async function measure(engine: Engine, folder: string): Promise<Table> {
  const database = await startDatabase(engine, 1_000);
  const app = await startApp(folder, database.url);
  try {
    const cookie = await newPerson(database.url, app.url, 10);
    const names = Object.keys(PATHS) as Name[];
    const parts: Record<string, (process: ProcessInfo) => boolean> = {
      app: ({ group }) => group === app.pid,
      "Supabase's services": ({ pid }) => pid === database.pid,
      ...(engine === "PostgreSQL" && { PostgreSQL: ({ name }) => name === "postgres" }),
    };
    const taken = () => Object.values(parts).map(cpuSeconds);
    const cost = new Map<Name, Series[]>(names.map((name) => [name, Object.keys(parts).map(() => [])]));
    const rate = await interleave(names, { rounds: ROUNDS, warmUp: 1 }, async (name) => {
      const before = taken();
      const { requests } = await load(`${app.url}${PATHS[name]}`, cookie, CONNECTIONS, SECONDS);
      const after = taken();
      cost.get(name)?.forEach((series, part) => {
        series.push((1000 * ((after[part] ?? Number.NaN) - (before[part] ?? Number.NaN))) / requests.total);
      });
      return requests.average;
    });
    return {
      title: `Cost of a request, on ${engine}`,
      text:
        `Requests per second at ${CONNECTIONS} connections, and milliseconds of CPU that a request takes in each part: medians of ` +
        `${ROUNDS} rounds of ${SECONDS} s.${engine === "PGlite" ? " The database is part of the services' process." : ""}`,
      columns: ["", "requests /s", "spread", ...Object.keys(parts).map((part) => `${part}, ms`)],
      rows: names.map((name) => [
        name,
        number(median(rate.get(name) ?? [])),
        `±${spread(rate.get(name) ?? []).toFixed(0)} %`,
        // The first one was for warming up.
        ...(cost.get(name) ?? []).map((series) => number(median(series.slice(1)), 2)),
      ]),
      bounds: [],
    };
  } finally {
    await app.stop();
    await database.stop();
  }
}

export async function run(): Promise<Table[]> {
  const folder = buildApp();
  const tables: Table[] = [];
  for (const engine of engines()) tables.push(await measure(engine, folder));
  return tables;
}
