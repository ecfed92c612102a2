import { buildApp, startApp } from "./support/app.ts";
import { nameOf, query, startDatabase, urlOf } from "./support/database.ts";
import { load, newPerson, type Sent, VALUE } from "./support/load.ts";
import { interleave, median, ratio, type Series, spread } from "./support/measure.ts";
import { databaseOfN8n, installN8n, startN8n, versionOfN8n } from "./support/n8n.ts";
import { type Counts, cpuSeconds, memoryOf } from "./support/processes.ts";
import { number, type Table, times } from "./support/table.ts";

// The app beside n8n, whose credentials people would otherwise use: whole servers over HTTP, both on the same PostgreSQL
// server, with everything that a request of theirs does. They take turns, each idle while the other is asked.

/** Connections, and for how many seconds: together, a few minutes. */
const LOADS = [
  { connections: 1, seconds: 2 },
  { connections: 32, seconds: 3 },
  { connections: 64, seconds: 4 },
];
const ROUNDS = 5;
const WARM_UP = 1;
/** Of each of the two. */
const SECRETS = 10;
const OTHERS = 1_000;
/** An owner has at most 200 secrets here, so that as many create at the same time. */
const PEOPLE = 24;
const AT_LEAST = 3;
const MEMORY_AT_MOST = 0.33;
const SAMPLE_MS = 1_000;

const ACTIONS = ["create", "read back"] as const;
type Action = (typeof ACTIONS)[number];

interface Peer {
  name: string;
  url: string;
  /** Asks for an action, over so many connections for so many seconds. */
  ask: (action: Action, connections: number, seconds: number) => ReturnType<typeof load>;
  /** Deletes what was created, so that each round begins with the same. */
  forget: () => Promise<void>;
  /** Its processes, without those of PostgreSQL. */
  parts: Record<string, Counts>;
}

const json = { "content-type": "application/json" };
const isPostgres: Counts = ({ name }) => name === "postgres";
const NEW = "BENCH_";

let created = 0;

/** Makes each request a new secret's, by `next`, which gets its number. */
const creating = (next: (index: number) => { body: object; cookie: string }): Sent => ({
  method: "POST",
  headers: json,
  requests: [
    {
      setupRequest: (request) => {
        const { body, cookie } = next(created++);
        return { ...request, headers: { ...request.headers, cookie }, body: JSON.stringify(body) };
      },
    },
  ],
});

/** With the value in it, decrypted. */
const reading: Sent = { verifyBody: (body) => body.includes(VALUE) };

async function startOurs(folder: string, server: string): Promise<Peer & { stop: () => Promise<void> }> {
  const database = await startDatabase("PostgreSQL", OTHERS);
  const app = await startApp(folder, database.url);
  const stop = async () => {
    await app.stop();
    await database.stop();
  };
  try {
    const reader = await newPerson(database.url, app.url, SECRETS);
    const people: string[] = [];
    while (people.length < PEOPLE) people.push(await newPerson(database.url, app.url, 0));
    const create = creating((index) => ({
      // As the panel sends a new one.
      body: { key: `${NEW}${index}`, value: VALUE, if_updated_at: null },
      cookie: people[index % PEOPLE] ?? "",
    }));
    return {
      name: "Command Center",
      url: app.url,
      ask: (action, connections, seconds) =>
        action === "create"
          ? load(`${app.url}/api/vault`, reader, connections, seconds, create)
          : load(`${app.url}/api/vault?key=KEY_1&reveal=true`, reader, connections, seconds, reading),
      forget: () =>
        query(
          urlOf(server, nameOf(OTHERS)),
          `delete from public.vault_secrets where starts_with(key, '${NEW}')`,
        ),
      parts: {
        "Command Center: the app": ({ group }) => group === app.pid,
        "Command Center: Supabase's services": ({ pid }) => pid === database.pid,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startTheirs(server: string): Promise<Peer & { stop: () => Promise<void> }> {
  const { url, pid, cookie, stop } = await startN8n(server);
  try {
    // n8n gives no value out, only what its form shows as text. All of a credential is one ciphertext, and decrypted.
    const credential = (name: string) => ({ name, type: "httpHeaderAuth", data: { name: VALUE } });
    const ids: string[] = [];
    for (let index = 0; index < SECRETS; index++) {
      const body = JSON.stringify(credential(`KEY_${index}`));
      const reply = await fetch(`${url}/rest/credentials`, {
        method: "POST",
        headers: { ...json, cookie },
        body,
      });
      if (!reply.ok) throw new Error(await reply.text());
      ids.push((await reply.json()).data.id);
    }
    const create = creating((index) => ({ body: credential(`${NEW}${index}`), cookie }));
    return {
      name: "n8n",
      url,
      ask: (action, connections, seconds) =>
        action === "create"
          ? load(`${url}/rest/credentials`, cookie, connections, seconds, create)
          : load(`${url}/rest/credentials/${ids[1]}?includeData=true`, cookie, connections, seconds, reading),
      forget: () =>
        query(
          urlOf(server, databaseOfN8n),
          `delete from credentials_entity where starts_with(name, '${NEW}')`,
        ),
      parts: { n8n: ({ group }) => group === pid },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Measured = Map<Peer, Series>;
const seriesFor = (peers: Peer[]): Measured => new Map(peers.map((peer) => [peer, []]));
const of = (measured: Measured, peer: Peer): Series => measured.get(peer) ?? [];

/** What the rounds of one action at one load have given, the one for warming up left out. */
interface Rounds {
  action: Action;
  connections: number;
  rate: Measured;
  p50: Measured;
  p99: Measured;
  /** Milliseconds of CPU for a request, by part; PostgreSQL last. */
  cost: Map<Peer, Series[]>;
}

async function ask(
  peers: Peer[],
  action: Action,
  { connections, seconds }: (typeof LOADS)[number],
): Promise<Rounds> {
  const [p50, p99] = [seriesFor(peers), seriesFor(peers)];
  const cost = new Map(peers.map((peer) => [peer, partsOf(peer).map((): Series => [])]));
  const rate = await interleave(peers, { rounds: ROUNDS, warmUp: WARM_UP }, async (peer) => {
    const before = partsOf(peer).map(([, counts]) => cpuSeconds(counts));
    const { requests, latency } = await peer.ask(action, connections, seconds);
    const after = partsOf(peer).map(([, counts]) => cpuSeconds(counts));
    cost.get(peer)?.forEach((series, part) => {
      series.push((1000 * ((after[part] ?? Number.NaN) - (before[part] ?? Number.NaN))) / requests.total);
    });
    p50.get(peer)?.push(latency.p50);
    p99.get(peer)?.push(latency.p99);
    await peer.forget();
    return requests.average;
  });
  for (const series of [...p50.values(), ...p99.values(), ...[...cost.values()].flat()]) {
    series.splice(0, WARM_UP);
  }
  return { action, connections, rate, p50, p99, cost };
}

const partsOf = (peer: Peer): [string, Counts][] => [
  ...Object.entries(peer.parts),
  ["PostgreSQL", isPostgres],
];

function speed(rounds: Rounds[], ours: Peer, theirs: Peer): Table {
  const compared = rounds.map((round) => ({
    ...round,
    what: `${round.action}, ${round.connections} connection${round.connections > 1 ? "s" : ""}`,
    faster: ratio(of(round.rate, ours), of(round.rate, theirs)),
  }));
  return {
    title: `Beside n8n ${versionOfN8n()}, on PostgreSQL`,
    text:
      `Requests per second, and the middle and the slowest hundredth in milliseconds: medians of ${ROUNDS} rounds. One ` +
      `value of ${VALUE.length} bytes. A request includes the session check, which here asks Supabase Auth, and all that ` +
      "either does besides: here, each writes its event. n8n's is one process, the app and the services are one each.",
    columns: ["", "n8n /s", "ours /s", "spread", "×", "n8n p50", "ours p50", "n8n p99", "ours p99"],
    rows: compared.map(({ what, rate, p50, p99, faster }) => [
      what,
      number(median(of(rate, theirs))),
      number(median(of(rate, ours))),
      `±${spread(of(rate, ours)).toFixed(0)} %`,
      times(faster),
      ...[p50, p99].flatMap((measured) => [theirs, ours].map((peer) => number(median(of(measured, peer))))),
    ]),
    bounds: compared.map(({ what, faster }) => ({
      what: `${what}, × n8n's requests`,
      value: faster,
      at: "least",
      limit: AT_LEAST,
    })),
  };
}

function cpu(rounds: Rounds[], peers: Peer[]): Table {
  const most = rounds.filter(({ connections }) => connections === LOADS.at(-1)?.connections);
  return {
    title: "CPU of a request, beside n8n",
    text: `Milliseconds of CPU that a request takes in each part, at ${LOADS.at(-1)?.connections} connections: medians of the same rounds.`,
    columns: ["", ...ACTIONS],
    rows: peers.flatMap((peer) =>
      partsOf(peer).map(([name], part) => [
        name === "PostgreSQL" ? `${peer.name}: PostgreSQL` : name,
        ...most.map(({ cost }) => number(median(cost.get(peer)?.[part] ?? []), 2)),
      ]),
    ),
    bounds: [],
  };
}

/** What each part of a peer has, in MB, and in how many processes. */
type Memory = Map<string, { processes: number; MB: number }>;

const memoryNow = (peers: Peer[]): Memory =>
  new Map(
    peers.flatMap((peer) => Object.entries(peer.parts).map(([name, counts]) => [name, memoryOf(counts)])),
  );

/** Under the most connections, each peer by itself. */
async function memoryUnderLoad(peers: Peer[]): Promise<Map<string, number>> {
  const { connections, seconds } = LOADS.at(-1) ?? { connections: 64, seconds: 4 };
  const found = new Map<string, number>();
  for (const peer of peers) {
    const samples = new Map(Object.keys(peer.parts).map((name): [string, Series] => [name, []]));
    const timer = setInterval(() => {
      for (const [name, { MB }] of memoryNow([peer])) samples.get(name)?.push(MB);
    }, SAMPLE_MS);
    for (const action of ACTIONS) {
      await peer.ask(action, connections, 2 * seconds);
      await peer.forget();
    }
    clearInterval(timer);
    for (const [name, series] of samples) found.set(name, median(series));
  }
  return found;
}

function memory(atRest: Memory, loaded: Map<string, number>, ours: Peer, theirs: Peer): Table {
  const total = (peer: Peer, of: (name: string) => number | undefined) =>
    Object.keys(peer.parts).reduce((all, name) => all + (of(name) ?? Number.NaN), 0);
  const rested = (name: string) => atRest.get(name)?.MB;
  const busy = (name: string) => loaded.get(name);
  return {
    title: "Memory, beside n8n",
    text:
      "MB of each one's processes, without PostgreSQL: before the load, and the median during it, at " +
      `${LOADS.at(-1)?.connections} connections. A page that processes share counts in equal parts.`,
    columns: ["", "processes", "at rest", "under load"],
    rows: [...atRest].map(([name, { processes, MB }]) => [
      name,
      number(processes),
      number(MB),
      number(busy(name) ?? Number.NaN),
    ]),
    bounds: [
      { what: "memory at rest", of: rested },
      { what: "memory under load", of: busy },
    ].map(({ what, of }) => ({
      what: `${what}, × n8n's`,
      value: total(ours, of) / total(theirs, of),
      at: "most",
      limit: MEMORY_AT_MOST,
    })),
  };
}

export async function run(): Promise<Table[]> {
  const { DATABASE_URL: server } = process.env;
  if (!server) throw new Error("Set DATABASE_URL: both are measured on a PostgreSQL server.");
  installN8n();
  const theirs = await startTheirs(server);
  try {
    const ours = await startOurs(buildApp(), server);
    try {
      const peers = [ours, theirs];
      const atRest = memoryNow(peers);
      const rounds: Rounds[] = [];
      for (const action of ACTIONS) {
        for (const each of LOADS) rounds.push(await ask(peers, action, each));
      }
      const loaded = await memoryUnderLoad(peers);
      return [speed(rounds, ours, theirs), memory(atRest, loaded, ours, theirs), cpu(rounds, peers)];
    } finally {
      await ours.stop();
    }
  } finally {
    await theirs.stop();
  }
}
