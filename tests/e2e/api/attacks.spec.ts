import { randomUUID } from "node:crypto";
import { type OutgoingHttpHeaders, request } from "node:http";
import { TEST_PUBLISHABLE_KEY } from "../../support/keys";
import { APP_PORT, APP_URL, NO_PLATFORM_KEY_URL } from "../../support/ports";
import { expect } from "../fixtures";
import { FOREIGN } from "./bad-requests/cross-site";
import { everyForm } from "./bad-requests/forms";
import { ECHO, KEY, test, VALUE } from "./cast";
import {
  as,
  askDatabase,
  expectOk,
  expectProblem,
  JSON_TYPE,
  newPerson,
  newTeam,
  post,
  type Sending,
  send,
  sessionCookie,
} from "./client";

test.describe("only the session cookie counts:", () => {
  test("a cookie that names somebody else as its user still is its token's owner", async ({ cast }) => {
    const { stranger, owner } = cast;
    const cookie = sessionCookie({ ...stranger.session, user: { id: owner.id, email: owner.email } });
    expect(expectOk(await as({ cookie })("/api/vault"))).toEqual({ secrets: [] });
    expect((await as({ cookie })("/dashboard")).text).not.toContain(owner.email);
  });

  test("a session that has to be renewed is, in a cookie that stays out of reach", async () => {
    const person = await newPerson();
    const cookie = sessionCookie({ ...person.session, expires_at: 1 });
    const reply = await as({ cookie })("/api/vault");
    expectOk(reply);
    const [renewed = ""] = reply.headers["set-cookie"] ?? [];
    expect(renewed).toMatch(/^sb-127-auth-token=base64-.*; HttpOnly; SameSite=lax$/);
    expectOk(await as({ cookie: renewed.split(";", 1)[0] ?? "" })("/api/vault"));
  });

  test("a session that was signed out is 401 from then on", async () => {
    const person = await newPerson();
    expectOk(await as(person)("/api/vault"));
    await person.signOut();
    expectProblem(await as(person)("/api/vault"), 401, "unauthenticated");
  });
});

test("a sign-out that does not know which of two sessions to end does not say that it ended one", async () => {
  const person = await newPerson();
  for (const cookie of [`${person.cookie}; ${person.cookie}`, `${person.cookie}; sb-127-auth-token.0=x`]) {
    const reply = await as({ cookie })("/api/auth/sign-out", { method: "POST" });
    expect([reply.status, reply.headers.location]).toEqual([303, "/login?notice=sign-out-unconfirmed"]);
    expectOk(await as(person)("/api/vault"));
  }
});

/** A POST of JSON whose last byte is sent when `finish` is called. */
function heldOpen(path: string, cookie: string, body: string) {
  const outgoing = request({
    ...{ host: "127.0.0.1", port: APP_PORT, path, method: "POST", agent: false },
    headers: { ...JSON_TYPE, Cookie: cookie, "Content-Length": Buffer.byteLength(body) },
  });
  const status = new Promise<number | undefined>((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", (incoming) => resolve(incoming.resume().statusCode));
  });
  outgoing.write(body.slice(0, -1));
  return { status, finish: () => outgoing.end(body.slice(-1)) };
}

for (const [path, body] of [
  ["/api/vault", { key: "LATE_KEY", value: "value-not-real" }],
  ["/api/vault/import", { secrets: [{ key: "LATE_KEY", value: "value-not-real", if_updated_at: null }] }],
  ["/api/teams", { name: "Too late" }],
] as const) {
  test(`${path}: a request that was held open does nothing after a sign-out`, async () => {
    const person = await newPerson();
    const { status, finish } = heldOpen(path, person.cookie, JSON.stringify(body));
    // By the time of this reply, the one before has long been received, as far as it goes.
    expectOk(await as(person)("/api/vault"));
    await person.signOut();
    finish();
    expect(await status).toBe(401);
    expect((await askDatabase(`/rest/v1/vault_secrets?owner_id=eq.${person.id}`)).text).toBe("[]");
    expect((await askDatabase(`/rest/v1/team_members?user_id=eq.${person.id}`)).text).toBe("[]");
  });
}

const ABSENT = "STRIPE_SECRET_KEY";

const ABSENT_ID = randomUUID();

/** Each unsafe request on something that is not there: whoever lets it pass answers 404 with this code. */
const UNSAFE: [string, Sending, string][] = [
  ["/api/vault", post({ key: ABSENT, description: "New" }), "secret_not_found"],
  [`/api/vault?key=${ABSENT}`, { method: "DELETE" }, "secret_not_found"],
  [`/api/vault?key=${ABSENT}&reveal=true`, {}, "secret_not_found"],
  ["/api/webhooks", { ...post({ id: ABSENT_ID, paused: true }), method: "PATCH" }, "webhook_not_found"],
  [`/api/webhooks?id=${ABSENT_ID}`, { method: "DELETE" }, "webhook_not_found"],
  ["/api/webhooks/test", post({ id: ABSENT_ID }), "webhook_not_found"],
  ["/api/webhooks/resend", post({ id: ABSENT_ID, delivery_id: ABSENT_ID }), "webhook_not_found"],
  ["/api/webhooks/secret", post({ id: ABSENT_ID }), "webhook_not_found"],
];

const withHeaders = (sending: Sending, headers: OutgoingHttpHeaders): Sending => ({
  ...sending,
  headers: { ...sending.headers, ...headers },
});

test.describe("a request that a browser was tricked into", () => {
  const passes: [string, OutgoingHttpHeaders][] = [
    ["neither header, as curl", {}],
    ["Sec-Fetch-Site: same-origin", { "Sec-Fetch-Site": "same-origin" }],
    ["our own Origin", { Origin: APP_URL }],
  ];
  for (const [what, headers] of passes) {
    test(`passes with ${what}`, async ({ cast }) => {
      // A person of their own, because of how often one may try out webhooks.
      const ask = as(await newPerson());
      for (const [path, sending, code] of UNSAFE) {
        expectProblem(await ask(path, withHeaders(sending, headers)), 404, code);
      }
      expectOk(await as(cast.owner)(`/api/vault?key=${KEY}&reveal=true`, { headers }));
    });
  }

  test("passes if it only lists, wherever it comes from", async ({ cast }) => {
    const ask = as(cast.owner);
    for (const [what, headers] of FOREIGN) {
      for (const path of ["/api/vault", `/api/vault?key=${KEY}`, "/api/webhooks"]) {
        expect((await ask(path, { headers })).status, what).toBe(200);
      }
    }
  });
});

test.describe("an attacker", () => {
  test("gets no page of a session into a cache, and none of its data without it", async ({ cast }) => {
    const variants: OutgoingHttpHeaders[] = [
      {},
      { RSC: "1" },
      { RSC: "1", "Next-Router-Prefetch": "1" },
      { RSC: "1", "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": "/_tree" },
      { "X-Middleware-Subrequest": "proxy:proxy:proxy:proxy:proxy" },
      { "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https" },
      { "Next-Action": "0".repeat(42) },
      { Purpose: "prefetch", "X-Nextjs-Data": "1" },
    ];
    for (const headers of variants) {
      for (const ask of [as(cast.owner), send]) {
        let reply = await ask("/dashboard", { headers });
        // Next sends payload requests to an address of their own first.
        if (reply.headers.location?.includes("_rsc")) reply = await ask(reply.headers.location, { headers });
        expect(reply.headers["cache-control"], JSON.stringify(headers)).toMatch(/private.*no-store/);
        expect(reply.text).not.toContain(VALUE);
        if (ask === send) {
          expect(reply.text).not.toContain(cast.owner.email);
          if (reply.headers.location) expect(reply.headers.location).toBe("/login");
        }
      }
    }
  });

  test("finds no address that sends people away from the app", async () => {
    const evil = "//evil.example";
    const forged = { Host: "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https" };
    for (const headers of [{}, forged]) {
      for (const path of [
        "/",
        "/dashboard",
        `/auth/confirm?next=${evil}&redirect_to=${evil}`,
        `/auth/confirm?code=x&code=y&next=https:${evil}`,
        `/auth/confirm?token_hash=x&type=recovery&next=${evil}`,
        `/login?mode=${evil}&next=${evil}`,
        "//evil.example/%2e%2e",
        "/\\evil.example",
      ]) {
        const { location } = (await send(path, { headers })).headers;
        if (location) expect(new URL(location, APP_URL).origin, path).toBe(APP_URL);
      }
    }
  });

  test("cannot submit the app's forms from another site", async ({ cast }) => {
    const person = await newPerson();
    for (const { path, sending } of everyForm(cast)) {
      for (const Origin of ["https://evil.example", "null", NO_PLATFORM_KEY_URL]) {
        const reply = await as(person)(path, withHeaders(sending, { Origin, Accept: "text/html" }));
        expectProblem(reply, 403, "cross_origin");
        expect(reply.headers["set-cookie"]).toBeUndefined();
      }
    }
    expectOk(await as(person)("/api/vault"));
  });

  test("gets no ciphertext and no row but the metadata of their own out of the database itself", async ({
    cast,
  }) => {
    const table = "/rest/v1/vault_secrets";
    const row = { owner_type: "user", owner_id: cast.owner.id, key: "NEW", encrypted_value: "v1.test" };
    const team = { team_id: cast.team, user_id: cast.stranger.id, role: "admin" };
    const { encrypted_value: _, ...secret } = row;
    const use = { ...secret, key: KEY, actor_id: cast.owner.id, action: "revealed" };
    const requests: [string, { method?: string; body?: unknown }?][] = [
      [`${table}?select=*`],
      [`${table}?select=x:encrypted_value::text`],
      [`${table}?select=id&encrypted_value=like.v1*`],
      [`${table}?select=id&order=encrypted_value`],
      [table, { method: "POST", body: row }],
      [`${table}?key=eq.${KEY}`, { method: "PATCH", body: { description: ECHO } }],
      [`${table}?key=eq.${KEY}`, { method: "DELETE" }],
      ["/rest/v1/team_members", { method: "POST", body: team }],
      [`/rest/v1/team_members?team_id=eq.${cast.team}`, { method: "PATCH", body: { role: "admin" } }],
      ["/rest/v1/vault_candidates?select=*"],
      ["/rest/v1/vault_uses?select=*"],
      ["/rest/v1/vault_uses?select=encrypted_value", { method: "POST", body: use }],
      ...["teams", "team_members", "team_invites", "profiles", "reveal_runs", "vault_events", "webhooks"].map(
        (name): [string] => [`/rest/v1/${name}?select=*`],
      ),
      ["/rest/v1/webhook_deliveries?select=id"],
      ["/rest/v1/webhooks?select=x:encrypted_secret::text"],
      ["/rest/v1/rpc/team_exposures", { method: "POST", body: { for_team: cast.team } }],
      ["/rest/v1/webhooks", { method: "POST", body: { user_id: cast.owner.id, url: "https://example.com" } }],
      ["/rest/v1/webhooks?failures=eq.0", { method: "PATCH", body: { pause_reason: null } }],
      ["/rest/v1/webhooks?failures=eq.0", { method: "DELETE" }],
      ["/rest/v1/webhook_deliveries?attempt=eq.1", { method: "PATCH", body: { status: "delivered" } }],
      ["/rest/v1/webhook_deliveries?attempt=eq.1", { method: "DELETE" }],
    ];
    const key = TEST_PUBLISHABLE_KEY;
    for (const [path, init] of requests) {
      expect((await askDatabase(path, { ...init, key })).status, `nobody, ${path}`).toBe(401);
      for (const who of ["owner", "member", "stranger"] as const) {
        const accessToken = cast[who].session.access_token;
        const { status, text } = await askDatabase(path, { ...init, key, accessToken });
        expect([status, JSON.parse(text).code], `${who}, ${path}`).toEqual([403, "42501"]);
      }
    }
    const owners = async (who: "owner" | "member" | "stranger") => {
      const accessToken = cast[who].session.access_token;
      const { text } = await askDatabase(`${table}?select=owner_id`, { key, accessToken });
      return JSON.parse(text).map((found: { owner_id: string }) => found.owner_id);
    };
    expect(await owners("owner")).toEqual([cast.owner.id]);
    expect(await owners("member"), "the team's are read through the app").toEqual([]);
    expect(await owners("stranger")).toEqual([]);
  });

  test("gets no more than that with the access token of a session that was signed out", async () => {
    const person = await newPerson();
    const team_id = await newTeam({ admin: person });
    expectOk(await as(person)("/api/vault", post({ key: KEY, value: VALUE })), 201);
    expectOk(await as(person)("/api/vault", post({ key: KEY, value: VALUE, team_id })), 201);
    await person.signOut();
    const read = (path: string) =>
      askDatabase(`/rest/v1/${path}`, {
        key: TEST_PUBLISHABLE_KEY,
        accessToken: person.session.access_token,
      });
    expect(JSON.parse((await read("vault_secrets?select=owner_id,key")).text)).toEqual([
      { owner_id: person.id, key: KEY },
    ]);
    for (const path of ["vault_secrets?select=*", "teams?select=id", "vault_events?select=key"]) {
      expect((await read(path)).status, path).toBe(403);
    }
  });
});
