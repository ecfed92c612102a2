import { expect, test } from "@playwright/test";
import { as, newPerson, post } from "../e2e/api/client";
import { APP_ENV } from "../support/app-env";
import { OTHER_MASTER_KEY } from "../support/keys";
import { APP_PORT, APP_URL, SUPABASE_PORT, SUPABASE_URL } from "../support/ports";
import {
  dataFolder,
  fillWithTemplate,
  ROOT,
  type Running,
  run,
  startApp,
  startDatabase,
  until,
} from "./servers";

// A server that is started with another master key than its database was filled under. The check value was made by
// a start with the tests' own.

const WITH_OTHER_KEY = { ...APP_ENV, VAULT_MASTER_KEY: OTHER_MASTER_KEY };
const SENTENCE = "VAULT_MASTER_KEY is not the key that this database was encrypted with.";
const countOf = (text: string) => text.split(SENTENCE).length - 1;

const isListening = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`, { redirect: "manual" }).then(
    () => true,
    () => false,
  );

/** Ends what was started as Ctrl-C does. */
async function stop(program: Running): Promise<void> {
  process.kill(program.pid, "SIGTERM");
  await program.ended;
}

test.describe("npm start with the embedded database", () => {
  const folder = dataFolder();
  test.afterAll(() => folder.remove());
  const launch = (env: NodeJS.ProcessEnv) =>
    run(process.execPath, [`${ROOT}/scripts/start.ts`, "start"], { ...env, EMBEDDED_DATA_DIR: folder.path });
  const isUp = (app: Running) =>
    until("The app does not start", () => app.output().includes("Command Center is at"), app);

  test("ends with the sentence, and nothing goes on; with the old key all is there", async () => {
    fillWithTemplate(`${folder.path}/dev`);
    const first = launch(APP_ENV);
    await isUp(first);
    // The launcher asks once its database is there, so that the app has nothing to complain of.
    expect(first.output()).not.toContain("couldn't be checked");
    const ask = as(await newPerson());
    expect((await ask("/api/vault", post({ key: "KEY", value: "kept" }))).status).toBe(201);
    await stop(first);

    const other = launch(WITH_OTHER_KEY);
    expect(await other.ended).toBe(1);
    expect(countOf(other.output())).toBe(1);
    expect(other.output()).toContain(`✗ ${SENTENCE} Restore the old key`);
    expect(await Promise.all([APP_PORT, SUPABASE_PORT].map(isListening))).toEqual([false, false]);

    const again = launch(APP_ENV);
    await isUp(again);
    expect((await ask("/api/vault?key=KEY&reveal=true")).json).toEqual({ key: "KEY", value: "kept" });
    await stop(again);
  });
});

test("a server of a hosted database ends with the sentence; without its database it starts with a line", async () => {
  const folder = dataFolder();
  fillWithTemplate(folder.path);
  const database = await startDatabase(folder.path);
  const first = await startApp(SUPABASE_URL);
  const ask = as(await newPerson());
  expect((await ask("/api/vault", post({ key: "KEY", value: "kept" }))).status).toBe(201);
  await first.kill();

  const next = ["node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", String(APP_PORT)];
  const env = { ...WITH_OTHER_KEY, NEXT_PUBLIC_SUPABASE_URL: SUPABASE_URL };
  const other = run(process.execPath, next, env);
  expect(await other.ended).toBe(1);
  expect(countOf(other.output())).toBe(1);

  await stop(database);
  const alone = run(process.execPath, next, env);
  await until("It says nothing", () => alone.output().includes("The master key couldn't be checked"), alone);
  await until("It does not answer", () => isListening(APP_PORT), alone);
  expect((await fetch(`${APP_URL}/login`)).status).toBe(200);

  // The database comes back, and the key turns out to be another one: nothing is stored under it.
  const back = await startDatabase(folder.path);
  const refused = await ask("/api/vault", post({ key: "KEY", value: "under another key" }));
  expect(refused).toMatchObject({ status: 503, json: { code: "vault_unavailable" } });
  expect(alone.output()).toContain('"cause":"WrongMasterKey"');
  await alone.kill();
  await stop(back);
  folder.remove();
});
