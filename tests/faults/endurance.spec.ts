import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { as, newPerson, newTeam, type Person, post, type Reply } from "../e2e/api/client";
import { newValue } from "../e2e/fixtures";
import { APP_INSPECTOR_PORT, SUPABASE_INSPECTOR_PORT, SUPABASE_URL } from "../support/ports";
import { collectedMemory, type Memory } from "./memory";
import { dataFolder, fillWithTemplate, startApp, startDatabase } from "./servers";

const CLIENTS = 64;
const SECONDS = 60;
const PEOPLE = 12;
/** Of each client, so that a person with several stays below 200. */
const KEYS = 6;
/** The longest that somebody thinks between two requests. */
const THINK_MS = 400;

/** One browser window: it knows what it has stored, and compares what it is told with that. */
class Client {
  private ask: ReturnType<typeof as>;
  private stored = new Map<string, { value: string; updated_at: string }>();
  private name: string;
  private teamId: string | undefined;
  private turn = 0;
  readonly durations: number[] = [];

  constructor(person: Person, teamId: string | undefined, index: number) {
    this.ask = as(person);
    this.teamId = teamId;
    this.name = `C${index}`;
    this.turn = index;
  }

  private async timed(work: Promise<Reply>, ...allowed: number[]): Promise<Reply> {
    const from = performance.now();
    const reply = await work;
    this.durations.push(performance.now() - from);
    expect(allowed, reply.text).toContain(reply.status);
    return reply;
  }

  private path(path: string, parameters: Record<string, string> = {}): string {
    const query = new URLSearchParams({ ...parameters, ...(this.teamId && { team_id: this.teamId }) });
    return `${path}?${query}`;
  }

  /** What somebody does who works with the panel: mostly looks, now and then changes something. */
  async act(): Promise<void> {
    const turn = this.turn++;
    const key = `${this.name}_KEY_${turn % KEYS}`;
    const known = this.stored.get(key);
    const team_id = this.teamId;
    const kind = turn % 11;
    if (kind < 3) {
      const value = newValue();
      const saving = this.ask(
        "/api/vault",
        post({ key, value, team_id, if_updated_at: known?.updated_at ?? null }),
      );
      const { json } = await this.timed(saving, known ? 200 : 201);
      this.stored.set(key, { value, updated_at: json.updated_at });
    } else if (kind < 5) {
      const reply = await this.timed(
        this.ask(this.path("/api/vault", { key, reveal: "true" })),
        known ? 200 : 404,
      );
      if (known) expect(reply.json).toEqual({ key, value: known.value });
    } else if (kind === 5) {
      const { json } = await this.timed(this.ask(this.path("/api/vault")), 200);
      const states = (json.secrets as { key: string; updated_at: string }[])
        .filter((secret) => secret.key.startsWith(`${this.name}_`))
        .map((secret) => [secret.key, secret.updated_at]);
      expect(new Map(states as [string, string][])).toEqual(
        new Map([...this.stored].map(([name, { updated_at }]) => [name, updated_at])),
      );
    } else if (kind === 6) {
      const reply = await this.timed(this.ask(this.path("/api/vault", { key })), known ? 200 : 404);
      if (known) expect(reply.json.updated_at).toBe(known.updated_at);
    } else if (kind === 7) {
      const secrets = [0, 1, 2].map((index) => {
        const name = `${this.name}_KEY_${index}`;
        return { key: name, value: newValue(), if_updated_at: this.stored.get(name)?.updated_at ?? null };
      });
      const { json } = await this.timed(this.ask("/api/vault/import", post({ secrets, team_id })), 200);
      for (const [index, secret] of secrets.entries()) {
        this.stored.set(secret.key, { value: secret.value, updated_at: json.secrets[index].updated_at });
      }
    } else if (kind === 8) {
      const deleting = this.ask(this.path("/api/vault", { key }), { method: "DELETE" });
      await this.timed(deleting, known ? 204 : 404);
      this.stored.delete(key);
    } else if (kind === 9) {
      await this.timed(this.ask(this.path("/api/usage")), 200);
    } else {
      const { json } = await this.timed(this.ask(this.path("/api/vault/events")), 200);
      expect(json.events.length).toBeLessThanOrEqual(30);
    }
  }
}

function quantile(numbers: number[], part: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(part * (numbers.length - 1))] ?? 0;
}

const TITLE = `${CLIENTS} clients for ${SECONDS} seconds get right answers, and memory levels off`;
// Under a command of its own: for a minute it leaves no room for other tests.
test(TITLE, { tag: "@endurance" }, async () => {
  const folder = dataFolder();
  fillWithTemplate(folder.path);
  const database = await startDatabase(folder.path, [`--inspect=127.0.0.1:${SUPABASE_INSPECTOR_PORT}`]);
  const app = await startApp(SUPABASE_URL, [`--inspect=127.0.0.1:${APP_INSPECTOR_PORT}`]);
  try {
    const people: Person[] = [];
    for (let i = 0; i < PEOPLE; i++) people.push(await newPerson());
    const [first] = people as [Person];
    const teamId = await newTeam({ admin: first });
    const clients = Array.from({ length: CLIENTS }, (_, index) => {
      // Every fourth one works in the team.
      const person = people[index % PEOPLE] as Person;
      return index % 4 === 0 ? new Client(first, teamId, index) : new Client(person, undefined, index);
    });

    const from = performance.now();
    const isOver = () => performance.now() - from > SECONDS * 1_000;
    const measured: { app: Memory; database: Memory }[] = [];
    const watching = (async () => {
      for (let tenth = 1; tenth <= SECONDS / 10; tenth++) {
        await sleep(Math.max(0, from + tenth * 10_000 - performance.now()));
        measured.push({
          app: await collectedMemory(APP_INSPECTOR_PORT),
          database: await collectedMemory(SUPABASE_INSPECTOR_PORT),
        });
      }
    })();
    await Promise.all([
      watching,
      ...clients.map(async (client) => {
        while (!isOver()) {
          await client.act();
          await sleep(Math.random() * THINK_MS);
        }
      }),
    ]);

    const durations = clients.flatMap((client) => client.durations);
    console.log(
      `${durations.length} requests, ${Math.round(durations.length / SECONDS)} a second, ` +
        `p50 ${Math.round(quantile(durations, 0.5))} ms, p99 ${Math.round(quantile(durations, 0.99))} ms`,
    );
    // What a process has of the machine, as such, says little: V8 collects when it likes, and under load later. After
    // a forced collection it stays within 5 % here, and whatever is kept of each request adds up. By the 20th second
    // everything has been loaded and has warmed up.
    for (const name of ["app", "database"] as const) {
      const used = measured.map((memory) => Math.round(memory[name].used));
      const resident = measured.map((memory) => Math.round(memory[name].resident));
      console.log(`${name}: ${used.join(", ")} MB in use, ${resident.join(", ")} MB resident`);
      expect(used.at(-1), `${name}, in use: ${used}`).toBeLessThan(1.15 * (used[1] ?? 0));
      expect(resident.at(-1), `${name}, resident: ${resident}`).toBeLessThan(1.25 * (resident[1] ?? 0));
    }
    expect(
      app
        .output()
        .split("\n")
        .filter((line) => line.startsWith("{")),
    ).toEqual([]);
  } finally {
    await app.kill();
    await database.kill();
    folder.remove();
  }
});
