import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient } from "@supabase/supabase-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { vaultProblem } from "../../lib/vault/errors.ts";
import { databaseFetch } from "../../lib/vault/http/database-fetch.ts";
import { logProblem } from "../../lib/vault/http/log.ts";
import { TEST_SECRET_KEY } from "../support/keys.ts";

// What is left, in the log, of an error of the database's: through Supabase's real client, from a stand-in for PostgREST and
// the gateway before it.

let answer: (response: ServerResponse) => void;
const server = createServer((_, response) => answer(response));
let url: string;

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const client = () =>
  createClient(url, TEST_SECRET_KEY, {
    db: { retry: false },
    auth: { persistSession: false, autoRefreshToken: false },
    global: { fetch: databaseFetch },
  });

const json = (status: number, body: unknown) => (response: ServerResponse) =>
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
const page = (status: number) => (response: ServerResponse) =>
  response.writeHead(status, { "Content-Type": "text/html" }).end("<html>canary</html>");
const postgrest = (status: number, code: string) =>
  json(status, { code, message: "canary", details: "canary", hint: null });

/** The log's line about a query that fails, beside what each has. */
async function lineOf(query: PromiseLike<{ error: unknown }>) {
  const log = vi
    .spyOn(console, "error")
    .mockReset()
    .mockImplementation(() => {});
  const { error } = await query;
  expect(error).not.toBeNull();
  logProblem(vaultProblem("vault_unavailable", { cause: error }));
  const [[text] = []] = log.mock.calls;
  expect(log).toHaveBeenCalledOnce();
  expect(text).not.toContain("canary");
  const { time: _, level: __, code: ___, status: ____, ...line } = JSON.parse(String(text));
  return line;
}

const hint = (pattern: RegExp) => expect.stringMatching(pattern);

describe("an error of the database's", () => {
  it.each([
    [
      "a wrong key",
      json(401, { message: "Invalid API key", hint: "canary" }),
      401,
      /doesn't accept an API key/,
    ],
    ["a legacy key that is disabled", json(401, { message: "Legacy API keys are disabled" }), 401, /API key/],
    ["a project over its quota", json(402, { message: "exceed_egress_quota" }), 402, /quota/],
    ["a paused project", json(540, { message: "Project paused" }), 540, /paused/],
  ])("leaves the gateway's status and a remedy: %s", async (_, send, status, remedy) => {
    answer = send;
    const line = { cause: "GatewayError", cause_code: status, hint: hint(remedy) };
    expect(await lineOf(client().from("vault_secrets").select())).toEqual(line);
    expect(await lineOf(client().from("vault_secrets").select().eq("id", 1).maybeSingle())).toEqual(line);
    expect(await lineOf(client().rpc("store_secrets", {}))).toEqual(line);
  });

  it.each([
    ["PGRST002", 503, /Data API/],
    ["PGRST106", 406, /Data API/],
    ["PGRST205", 404, /Apply the migrations/],
    ["PGRST202", 404, /Apply the migrations/],
    ["42501", 403, /denies permission/],
    ["25006", 405, /read-only/],
    ["PGRST301", 401, /doesn't accept an API key/],
  ])("leaves PostgREST's code and status, and a remedy: %s", async (code, status, remedy) => {
    answer = postgrest(status, code);
    const line = { cause: "PostgrestError", cause_code: code, cause_status: status, hint: hint(remedy) };
    expect(await lineOf(client().from("vault_secrets").select())).toEqual(line);
  });

  it("has no remedy where it passes by itself", async () => {
    answer = postgrest(500, "57014");
    const line = { cause: "PostgrestError", cause_code: "57014", cause_status: 500 };
    expect(await lineOf(client().from("vault_secrets").select())).toEqual(line);
    answer = page(502);
    expect(await lineOf(client().from("vault_secrets").select())).toEqual({
      cause: "GatewayError",
      cause_code: 502,
    });
  });

  it("has a code where nothing answers, and where it takes too long", async () => {
    answer = (response) => response.destroy();
    expect(await lineOf(client().from("vault_secrets").select())).toEqual({
      cause: "NetworkError",
      cause_code: expect.stringMatching(/^[A-Z_]+$/),
    });
    answer = () => {};
    vi.spyOn(AbortSignal, "timeout").mockImplementation(() =>
      AbortSignal.abort(new DOMException("late", "TimeoutError")),
    );
    expect(await lineOf(client().from("vault_secrets").select())).toEqual({
      cause: "TimeoutError",
      cause_code: "ETIMEDOUT",
    });
  });
});

it("what the code decides by stays as PostgREST said it", async () => {
  answer = postgrest(409, "23505");
  expect((await client().from("teams").insert({})).error).toMatchObject({ code: "23505", message: "canary" });
  answer = json(200, [{ id: 1 }]);
  expect((await client().from("teams").select()).data).toEqual([{ id: 1 }]);
  // As supabase-js means it, an empty list.
  answer = json(404, []);
  expect(await client().from("teams").select()).toMatchObject({ data: [], error: null });
});
