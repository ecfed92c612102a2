import { existsSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { type Embedded, type EmbeddedOptions, startEmbedded } from "../../scripts/embedded/server.ts";
import { NOTES, optionsIn, temporaryFolder } from "./support.ts";

const base = temporaryFolder();
const lines: string[] = [];
let options: EmbeddedOptions;
let embedded: Embedded;

beforeAll(async () => {
  options = { ...optionsIn(base.path, { "20260305_notes.sql": NOTES }), report: (line) => lines.push(line) };
  embedded = await startEmbedded(options);
}, 120_000);

afterAll(async () => {
  await embedded.close();
  base.remove();
});

function client(key: string): SupabaseClient {
  return createClient(embedded.url, key, { auth: { persistSession: false, autoRefreshToken: false } });
}

async function signedUp(email: string): Promise<{ supabase: SupabaseClient; id: string }> {
  const supabase = client(options.publishableKey);
  const { data, error } = await supabase.auth.signUp({ email, password: "a-good-password" });
  expect(error).toBeNull();
  expect(data.session).not.toBeNull();
  return { supabase, id: data.user?.id ?? "" };
}

test("the first start creates the database, applies the migrations and listens on 127.0.0.1", () => {
  expect(embedded.created).toBe(true);
  expect(embedded.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(lines).toEqual(["✓ Migration 20260305_notes.sql applied"]);
});

// Regression: on a busy machine, a request met a connection that was closed after 5 idle seconds.
test("an idle connection is kept for longer than its clients keep theirs", async () => {
  const reply = await fetch(`${embedded.url}/auth/v1/settings`, {
    headers: { apikey: options.publishableKey },
  });
  expect(reply.headers.get("keep-alive")).toBe("timeout=65");
});

test("row-level security holds between people, also when their requests overlap", async () => {
  const people = await Promise.all(["ann@example.com", "bob@example.com"].map(signedUp));
  for (const { supabase } of people) {
    expect((await supabase.from("notes").insert({ body: "mine" })).error).toBeNull();
  }
  const admin = client(options.secretKey);
  const reads = Array.from({ length: 20 }, () => [
    ...people.map(async ({ supabase, id }) => {
      const { data } = await supabase.from("notes").select("owner");
      expect(data).toEqual([{ owner: id }]);
    }),
    admin
      .from("notes")
      .select("owner")
      .then(({ data }) => expect(data).toHaveLength(2)),
  ]);
  await Promise.all(reads.flat());
});

test("privileges are what the migrations say", async () => {
  const { supabase } = await signedUp("eve@example.com");
  expect((await supabase.from("notes").delete().eq("id", 1)).error?.code).toBe("42501");
  expect((await client(options.publishableKey).from("notes").select()).error?.code).toBe("42501");
});

test("a password under ten characters is refused, as config.toml says", async () => {
  const { error } = await client(options.publishableKey).auth.signUp({
    email: "short@example.com",
    password: "123456789",
  });
  expect(error?.code).toBe("weak_password");
});

test("without a key nothing answers, and neither do Lite's own pages", async () => {
  expect((await fetch(`${embedded.url}/rest/v1/notes`)).status).toBe(401);
  for (const path of [
    "/",
    "/_system/info",
    "/_system/config",
    "/rest/../_system/info",
    "/studio",
    "/auth/v1/%73ettings",
  ]) {
    expect((await fetch(embedded.url + path)).status).toBe(404);
  }
});

test("a refused value is not in the log", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  const { supabase } = await signedUp("log@example.com");
  const value = "sk-ant-".padEnd(120, "x");
  expect((await supabase.from("notes").insert({ body: value })).error).not.toBeNull();
  expect((await supabase.from("notes").insert({ owner: value, body: "x" })).error).not.toBeNull();
  const printed = log.mock.calls.flat().map((part) => inspect(part, { depth: 9 }));
  expect(printed).toEqual([
    'Embedded Supabase: new row for relation "notes" violates check constraint "notes_body_check" (23514)',
    "Embedded Supabase: invalid value (22P02)",
  ]);
});

test("a second server on the folder is refused with a sentence", async () => {
  await expect(startEmbedded(options)).rejects.toThrow(`is in use by process ${process.pid}.`);
});

test("what was written is there after a restart, which applies nothing", async () => {
  await embedded.close();
  await embedded.close();
  expect(existsSync(join(options.dataDir, "lock.pid"))).toBe(false);
  lines.length = 0;
  embedded = await startEmbedded(options);
  expect(embedded.created).toBe(false);
  expect(lines).toEqual([]);
  const { data } = await client(options.secretKey).from("notes").select("body");
  expect(data).toEqual([{ body: "mine" }, { body: "mine" }]);
  const { error } = await client(options.publishableKey).auth.signInWithPassword({
    email: "ann@example.com",
    password: "a-good-password",
  });
  expect(error).toBeNull();
});
