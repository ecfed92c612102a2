import { globSync } from "node:fs";
import { PLATFORM_KEY, TEST_MASTER_KEY, TEST_SECRET_KEY } from "../../support/keys";
import { APP_URL } from "../../support/ports";
import { test as base, expect } from "../fixtures";
import { ADDRESSES, everyRequest } from "./bad-requests/addresses";
import { bodies } from "./bad-requests/bodies";
import { sendBytes, sendForever } from "./bad-requests/bytes";
import { everythingOf, newCast, secretsOf, valuesOf } from "./bad-requests/cast";
import { contentTypes } from "./bad-requests/content-types";
import { crossSite } from "./bad-requests/cross-site";
import { features } from "./bad-requests/features";
import { foreign } from "./bad-requests/foreign";
import { everyForm, forms } from "./bad-requests/forms";
import { headers } from "./bad-requests/headers";
import { methods } from "./bad-requests/methods";
import { order } from "./bad-requests/order";
import { paths } from "./bad-requests/paths";
import { queries } from "./bad-requests/queries";
import { type Bytes, type Cast, ECHO, type Row, type Theme, VALUE } from "./bad-requests/row";
import { sessions } from "./bad-requests/sessions";
import { sizes } from "./bad-requests/sizes";
import { slow } from "./bad-requests/slow";
import { wire } from "./bad-requests/wire";
import {
  as,
  expectOk,
  expectProblem,
  expectSealed,
  fingerprint,
  type Reply,
  type Sending,
  send,
} from "./client";

// Every bad request that we thought of, each with its exact answer; the tables are in bad-requests/. A test goes
// through all rows of a theme and tells all that are wrong, because a row by itself is too cheap to be a test.

const THEMES: Record<string, Theme> = {
  "methods that an address does not have": methods,
  "who has no session": sessions,
  "what a foreign page makes a browser send": crossSite,
  "bodies that are no plain JSON": contentTypes,
  "bodies that are too large": sizes,
  "bodies that say something else": bodies,
  "forms to sign in, up and out": forms,
  "bodies and ids of teams and webhooks": features,
  queries: queries,
  "several faults at once": order,
  "what is somebody else's": foreign,
  "headers that mean something elsewhere": headers,
  "addresses that are written otherwise": paths,
  "bytes that are no proper HTTP": wire,
};

const test = base.extend<object, { cast: Cast }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
  cast: [async ({}, use) => use(await newCast()), { scope: "worker" }],
});

/** What no reply to a bad request holds. */
const hidden = ({ inviteToken }: Cast) => [
  ECHO,
  VALUE,
  inviteToken,
  PLATFORM_KEY,
  TEST_MASTER_KEY,
  TEST_SECRET_KEY,
];

function ask(cast: Cast, { who = "owner" }: Row, path: string, sending?: Sending): Promise<Reply> {
  return who === "nobody" ? send(path, sending) : as(cast[who])(path, sending);
}

/** Sends a row, and compares the reply with what the row says. */
async function expectAnswered(cast: Cast, row: Row | Bytes): Promise<void> {
  const reply = "bytes" in row ? await sendBytes(row.bytes) : await ask(cast, row, row.path, row.sending);
  expect(hidden(cast).filter((text) => reply.text.includes(text))).toEqual([]);
  if (row.code !== undefined) expectProblem(reply, row.status, row.code);
  else expect(`${reply.status} ${reply.json?.code ?? ""}`).toBe(`${row.status} `);
  if ("bytes" in row) return;
  const { location } = reply.headers;
  if (location) expect(new URL(location, APP_URL).origin).toBe(APP_URL);
  if (row.allow !== undefined) {
    expect(reply.headers.allow).toBe(row.allow);
    expectSealed(reply);
  }
  if (row.same) {
    const same = await ask(cast, row, row.same.path, row.same.sending);
    expect(fingerprint(reply)).toEqual(fingerprint(same));
  }
}

/** Whether the process answers. To whoever has no session it does so without asking anybody. */
const isAlive = () =>
  send("/api/vault").then(
    ({ status }) => status === 401,
    () => false,
  );

for (const [what, theme] of Object.entries(THEMES)) {
  test(`${what} get their exact answer, and change nothing`, async ({ cast }) => {
    const before = await everythingOf(cast);
    let [secrets] = before;
    const wrong: string[] = [];
    for (const row of theme(cast)) {
      await expectAnswered(cast, row).catch((error: Error) => wrong.push(`${row.name}: ${error.message}`));
      const [now, alive] = await Promise.all([secretsOf(cast), isAlive()]);
      if (!alive) wrong.push(`after ${row.name} the process does not answer`);
      if (now !== secrets) wrong.push(`after ${row.name} the secrets are others: ${now}`);
      secrets = now;
    }
    expect(wrong.join("\n\n")).toBe("");
    expect(await everythingOf(cast)).toEqual(before);
    expect(await valuesOf(cast)).toEqual([VALUE, VALUE, VALUE]);
  });
}

test("bodies that never end are given up after 15 seconds, and hold up nobody", async ({ cast }) => {
  const before = await everythingOf(cast);
  let ended = 0;
  const all = slow(cast).map(async (row) => {
    const reply = await sendForever(row.path, row.sending ?? {}, cast.owner.cookie);
    ended += 1;
    return { row, reply };
  });
  expectOk(await as(cast.owner)("/api/vault"));
  expect(ended).toBe(0);
  for (const { row, reply } of await Promise.all(all)) {
    expect(`${row.name}: ${reply.status} ${reply.json?.code}`).toBe(`${row.name}: ${row.status} ${row.code}`);
    expectProblem(reply, row.status, String(row.code));
  }
  expect(await isAlive()).toBe(true);
  expect(await everythingOf(cast)).toEqual(before);
  expect(await valuesOf(cast)).toEqual([VALUE, VALUE, VALUE]);
});

test("there are at least 250 bad requests, no two of one name, to every address and method", async ({
  cast,
}) => {
  const names = [...Object.values(THEMES).flatMap((theme) => theme(cast)), ...slow(cast)].map(
    ({ name }) => name,
  );
  expect(names.length).toBeGreaterThanOrEqual(250);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  // What a new route has to be entered in, but for those that ask nobody who they are.
  const routes = globSync("app/api/**/route.ts").map((file) => file.replace(/^app(.*)\/route\.ts$/, "$1"));
  const open = ["/api/[...path]", "/api/csp-reports", "/api/page-body"];
  // Not there for anybody in these tests: tests/e2e/operator.spec.ts compares them with addresses that are not there.
  const hidden = routes.filter((route) => route.startsWith("/api/operator/"));
  expect([...Object.keys(ADDRESSES), ...open, ...hidden].sort()).toEqual(routes.sort());
  const methods = Object.entries(ADDRESSES).flatMap(([address, allow]) =>
    allow.split(", ").map((method) => `${method} ${address}`),
  );
  const requests = [...everyRequest(cast), ...everyForm(cast)].map(({ label }) => label.replace(/\?.*/, ""));
  expect([...new Set(requests)].sort()).toEqual(methods.sort());
});
