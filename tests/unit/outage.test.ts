import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type AuthError, createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isOutage } from "../../lib/auth/outage.ts";

const options = { auth: { persistSession: false, autoRefreshToken: false } };
let status = 200;
const server = createServer((_, response) => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ msg: "test" }));
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => void server.close());

/** What the library makes of an answer when it is asked whose a token is. */
async function errorOf(url: string): Promise<AuthError> {
  const { error } = await createClient(url, "sb_publishable_test", options).auth.getUser("a.b.c");
  if (!error) throw new Error("there was no error");
  return error;
}

it.each([
  [401, false],
  [403, false],
  [404, false],
  [429, true],
  [500, true],
  [502, true],
  [503, true],
])("an auth server that answers %i is an outage: %s", async (answer, outage) => {
  status = answer;
  const { port } = server.address() as AddressInfo;
  expect(isOutage(await errorOf(`http://127.0.0.1:${port}`))).toBe(outage);
});

it("one that cannot be reached is an outage", async () => {
  expect(isOutage(await errorOf("http://127.0.0.1:1"))).toBe(true);
});

it("no session is none", async () => {
  const { error } = await createClient("http://127.0.0.1:1", "sb_publishable_test", options).auth.getUser();
  expect(error && isOutage(error)).toBe(false);
});
