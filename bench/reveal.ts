import { fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, HOST } from "../scripts/embedded/ports.ts";
import { startAnthropicStandIn } from "../tests/support/anthropic-standin.ts";
import { buildApp, startApp } from "./support/app.ts";
import { type Engine, engines, startDatabase } from "./support/database.ts";
import { newPerson } from "./support/load.ts";
import { interleave, median, type Series, spread } from "./support/measure.ts";
import { number, type Table } from "./support/table.ts";

// What the app puts between a person and the first word of an answer: the production build on one connection, beside the
// same provider asked directly, and beside a gateway that keeps no sessions, no secrets and no ledger. The provider is a
// stand-in that answers at once.

const ROUNDS = 60;
const WARM_UP = 15;
const KEY = "sk-ant-test-not-real-".padEnd(108, "x");
const MODEL = "claude-sonnet-5-5";
const PROMPT = "Why is the sky blue?";
/** Milliseconds that the app may add, by engine. */
const AT_MOST: Record<Engine, number> = { PGlite: 25, PostgreSQL: 15 };
const PEER = "@portkey-ai/gateway 1.15.2";

interface Call {
  url: string;
  headers: Record<string, string>;
  body: object;
  /** What the reply has once text of the answer has come. */
  first: string;
}

/** What follows a run (its entry's end, webhooks) is over by then; nobody runs the next one sooner. */
const PAUSE_MS = 100;

/** Milliseconds from the request to the first text of the answer, which is then read to its end. */
async function firstText({ url, headers, body, first }: Call): Promise<number> {
  await sleep(PAUSE_MS);
  const began = performance.now();
  const reply = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  let said = "";
  let took: number | undefined;
  for await (const piece of reply.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    if (took === undefined) said += piece;
    if (took === undefined && said.includes(first)) took = performance.now() - began;
  }
  if (took === undefined) throw new Error(`${url}: ${reply.status} ${said.slice(0, 200)}`);
  return took;
}

/** The Messages API, spoken by the provider and by gateways. */
const messages = (base: string, headers: Record<string, string>): Call => ({
  url: `${base}/v1/messages`,
  headers: { "anthropic-version": "2023-06-01", authorization: `Bearer ${KEY}`, ...headers },
  body: { model: MODEL, max_tokens: 8_192, stream: true, messages: [{ role: "user", content: PROMPT }] },
  first: '"text_delta"',
});

/** The peer, in a process of its own. Its packages are installed in this folder only. */
async function startPeer(provider: string): Promise<{ call: Call; stop: () => void }> {
  const port = await freePort(3_290);
  const folder = join(import.meta.dirname, "node_modules/@portkey-ai/gateway/build/start-server.js");
  const child = fork(folder, [`--port=${port}`, "--headless"], {
    execArgv: ["--import", join(import.meta.dirname, "support/gateway-preload.ts")],
    stdio: "ignore",
  });
  const headers = { "x-portkey-provider": "anthropic", "x-portkey-custom-host": `${provider}/v1` };
  const call = messages(`http://${HOST}:${port}`, headers);
  const failed = new Promise<never>((_, fail) => {
    child.once("exit", () => fail(new Error(`${PEER} did not start.`)));
  });
  const answers = async () => {
    while (!(await fetch(call.url).catch(() => undefined)));
  };
  await Promise.race([answers(), failed]);
  failed.catch(() => {});
  return { call, stop: () => child.kill() };
}

/** A person with the key in their own vault, and in a team's that is theirs. */
async function runsOf(app: string, database: string): Promise<{ own: Call; team: Call }> {
  const cookie = await newPerson(database, app, 0);
  const post = async (path: string, body: object) => {
    const headers = { cookie, "content-type": "application/json" };
    const reply = await fetch(app + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(await reply.text());
    return reply.json();
  };
  const { id } = await post("/api/teams", { name: "Bench" });
  await post("/api/vault", { key: "ANTHROPIC_API_KEY", value: KEY, team_id: id });
  await post("/api/vault", { key: "ANTHROPIC_API_KEY", value: KEY });
  const run = (more: object): Call => ({
    url: `${app}/api/reveal/run`,
    headers: { cookie },
    body: { prompt: PROMPT, ...more },
    first: '"type":"text"',
  });
  return { own: run({}), team: run({ team_id: id, source: "team" }) };
}

async function measure(engine: Engine, folder: string): Promise<Table> {
  const provider = await startAnthropicStandIn({ pace: 0 });
  const database = await startDatabase(engine, 1_000);
  const app = await startApp(folder, database.url, { ANTHROPIC_BASE_URL: provider.url });
  const peer = await startPeer(provider.url);
  try {
    const { own, team } = await runsOf(app.url, database.url);
    const calls = { direct: messages(provider.url, {}), own, team, peer: peer.call };
    const names = ["direct", "own", "team", "peer"] as const;
    const series = await interleave(names, { rounds: ROUNDS, warmUp: WARM_UP }, (name) =>
      firstText(calls[name]),
    );
    const of = (name: (typeof names)[number]): Series => series.get(name) ?? [];
    const added = (name: (typeof names)[number]) =>
      median(of(name).map((value, round) => value - (of("direct")[round] ?? Number.NaN)));
    const row = (title: string, name: (typeof names)[number]) => [
      title,
      number(median(of(name)), 1),
      `±${spread(of(name)).toFixed(0)} %`,
      name === "direct" ? "" : number(added(name), 1),
    ];
    return {
      title: `Reveal to the first word, on ${engine}`,
      text:
        `Milliseconds from the request to the first text of the answer, over one connection: medians of ${ROUNDS} rounds, ` +
        "in turns. The stand-in for the provider answers at once; app, database, provider and gateway share this machine. " +
        "The gateway passes on the key that it gets.",
      columns: ["", "ms", "spread", "more than direct"],
      rows: [
        row("the provider itself", "direct"),
        row("Reveal, on your own key", "own"),
        row("Reveal, on a team's key", "team"),
        row(PEER, "peer"),
      ],
      bounds: (["own", "team"] as const).map((name) => ({
        what: `${name === "own" ? "your own" : "a team's"} key, ms more than direct`,
        value: added(name),
        at: "most",
        limit: AT_MOST[engine],
      })),
    };
  } finally {
    peer.stop();
    await app.stop();
    await database.stop();
    await provider.close();
  }
}

export async function run(): Promise<Table[]> {
  const folder = buildApp();
  const tables: Table[] = [];
  for (const engine of engines()) tables.push(await measure(engine, folder));
  return tables;
}
