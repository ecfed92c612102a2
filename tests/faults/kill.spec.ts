import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { as, newPerson, type Person, post, type Reply } from "../e2e/api/client";
import { newValue } from "../e2e/fixtures";
import { SUPABASE_URL } from "../support/ports";
import { dataFolder, fillWithTemplate, type Running, startApp, startDatabase, until } from "./servers";

/** Four each of the app, of the database, and of both. */
const ROUNDS = 12;
const WRITERS = 4;
const KEYS = 8;
const WRITES_A_ROUND = 12;
/** After a failure, so that nobody asks a dead server as fast as they can. */
const PAUSE_MS = 30;

/** Someone who creates, changes and deletes secrets, and remembers what may be there by now. */
class Writer {
  readonly person: Person;
  acknowledged = 0;
  private turn: number;
  /** By key: the value that is there, null for none; more than one where no answer came. */
  readonly possible = new Map<string, (string | null)[]>();
  /** @param turn where to begin, so that not all of them create, or delete, at the same time */
  constructor(person: Person, turn: number) {
    this.person = person;
    this.turn = turn;
  }

  async write(): Promise<void> {
    const turn = this.turn++;
    const key = `KEY_${turn % KEYS}`;
    const before = this.possible.get(key) ?? [null];
    // Each key is created, changed and deleted in turn.
    const value = Math.floor(turn / KEYS) % 3 === 2 ? null : newValue();
    const ask = as(this.person);
    const sent =
      value === null
        ? ask(`/api/vault?key=${key}`, { method: "DELETE" })
        : ask("/api/vault", post({ key, value }));
    const reply: Reply | undefined = await sent.catch(() => undefined);
    if (!reply || reply.status === 503) {
      this.possible.set(key, [...before, value]);
      await sleep(PAUSE_MS);
      return;
    }
    if (value === null && reply.status === 404) expect(before).toContain(null);
    else expect([200, 201, 204], reply.text).toContain(reply.status);
    this.possible.set(key, [value]);
    this.acknowledged += 1;
  }

  /** Compares what is there with what may be, and takes it for known from then on. */
  async check(): Promise<void> {
    const ask = as(this.person);
    const list = await ask("/api/vault");
    expect(list.status, list.text).toBe(200);
    const there: string[] = list.json.secrets.map(({ key }: { key: string }) => key);
    for (const [key, possible] of this.possible) {
      let value: string | null = null;
      if (there.includes(key)) {
        const reply = await ask(`/api/vault?key=${key}&reveal=true`);
        // Half a write would be a row that does not open.
        expect(reply.status, reply.text).toBe(200);
        value = reply.json.value;
      }
      expect(possible, key).toContain(value);
      this.possible.set(key, [value]);
    }
    expect(there.filter((key) => !this.possible.has(key))).toEqual([]);
  }
}

test(`kill -9 of the app and of the database, ${ROUNDS} times, loses nothing acknowledged`, async () => {
  const folder = dataFolder();
  fillWithTemplate(folder.path);
  let database: Running = await startDatabase(folder.path);
  let app: Running = await startApp(SUPABASE_URL);
  try {
    const writers: Writer[] = [];
    for (let i = 0; i < WRITERS; i++) writers.push(new Writer(await newPerson(), i * KEYS));
    const acknowledged = () => writers.reduce((sum, writer) => sum + writer.acknowledged, 0);

    for (let round = 0; round < ROUNDS; round++) {
      let isOver = false;
      const writing = Promise.all(
        writers.map(async (writer) => {
          while (!isOver) await writer.write();
        }),
      );
      const enough = acknowledged() + WRITES_A_ROUND;
      const isWritten = until(`Nothing is written in round ${round}`, () => acknowledged() >= enough, app);
      await Promise.race([isWritten, writing]);
      // At another moment of its work each time.
      await sleep(7 * (round % 5));
      // The app alone, the database alone, or both: whichever lives on has to bear it.
      if (round % 3 !== 1) await app.kill();
      if (round % 3 !== 0) await database.kill();
      isOver = true;
      await writing;
      [database, app] = await Promise.all([
        round % 3 !== 0 ? startDatabase(folder.path) : database,
        round % 3 !== 1 ? startApp(SUPABASE_URL) : app,
      ]);
      await Promise.all(writers.map((writer) => writer.check()));
    }
    console.log(`${acknowledged()} acknowledged writes, ${ROUNDS} kills`);
  } finally {
    await app.kill();
    await database.kill();
    folder.remove();
  }
});
