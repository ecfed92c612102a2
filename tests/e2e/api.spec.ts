import { randomUUID } from "node:crypto";
import { type OutgoingHttpHeaders, request } from "node:http";
import { TEST_PUBLISHABLE_KEY } from "../support/keys";
import { APP_PORT, APP_URL, NO_PLATFORM_KEY_URL } from "../support/ports";
import { everyTeamRequest } from "./api/bad-requests/addresses";
import { FOREIGN } from "./api/bad-requests/cross-site";
import { everyForm } from "./api/bad-requests/forms";
import {
  as,
  askDatabase,
  expectOk,
  expectProblem,
  insertRows,
  JSON_TYPE,
  newPerson,
  newTeam,
  type Person,
  post,
  type Sending,
  send,
  sessionCookie,
  withoutUse,
} from "./api/client";
import { test as base, expect } from "./fixtures";

const KEY = "OPENAI_API_KEY";
const ABSENT = "STRIPE_SECRET_KEY";
const ABSENT_ID = randomUUID();
const VALUE = "sk-test-stored-before-not-real";
/** Stands in bad requests, and must not come back. */
const ECHO = "sk-test-echo-not-real";
const LIMIT = 32_768;

/** People and a team that a worker's tests share, because none of these tests may change anything of them. */
interface Cast {
  owner: Person;
  stranger: Person;
  admin: Person;
  member: Person;
  /** The owner is not in it. */
  team: string;
}

const test = base.extend<{ unchanged: undefined }, { cast: Cast }>({
  cast: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
    async ({}, use) => {
      const people = [newPerson(), newPerson(), newPerson(), newPerson()] as const;
      const [owner, stranger, admin, member] = await Promise.all(people);
      const team = await newTeam({ admin, member });
      const secret = { key: KEY, value: VALUE };
      expectOk(await as(owner)("/api/vault", post(secret)), 201);
      expectOk(await as(admin)("/api/vault", post({ ...secret, team_id: team })), 201);
      const look = async () => [
        expectOk(await as(owner)(`/api/vault?key=${KEY}&reveal=true`)),
        expectOk(await as(owner)("/api/webhooks")),
        expectOk(await as(admin)(`/api/vault?team_id=${team}`)).secrets.map(withoutUse),
        expectOk(await as(admin)(`/api/vault?key=${KEY}&reveal=true&team_id=${team}`)),
      ];
      const before = await look();
      await use({ owner, stranger, admin, member, team });
      expect(await look(), "what the people and the team had").toEqual(before);
    },
    { scope: "worker" },
  ],
  /** After each test the server is alive, and the owner has what they had before. */
  unchanged: [
    async ({ cast }, use) => {
      const before = expectOk(await as(cast.owner)("/api/vault"));
      await use(undefined);
      expect(expectOk(await as(cast.owner)("/api/vault"))).toEqual(before);
    },
    { auto: true },
  ],
});

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

test.describe("a session and a well-formed request", () => {
  test("create, list, read, reveal, change and delete a secret", async () => {
    const ask = as(await newPerson());
    expect(expectOk(await ask("/api/vault"))).toEqual({ secrets: [] });

    const created = expectOk(
      await ask("/api/vault", post({ key: KEY, value: ` ${VALUE}\n`, description: "First" })),
      201,
    );
    expect(Object.keys(created).sort()).toEqual(
      "category created_at description details id key last_rotated_at owner_id owner_type updated_at".split(
        " ",
      ),
    );
    expect(created).toMatchObject({ key: KEY, category: "LLM", description: "First", owner_type: "user" });
    expect(expectOk(await ask("/api/vault"))).toEqual({ secrets: [created] });
    expect(expectOk(await ask(`/api/vault?key=${KEY}`))).toEqual(created);
    expect(expectOk(await ask(`/api/vault?key=${KEY}&reveal=false`))).toEqual(created);
    for (const query of ["&reveal=true", "&reveal=true&copy=true"]) {
      expect(expectOk(await ask(`/api/vault?key=${KEY}${query}`))).toEqual({ key: KEY, value: VALUE });
    }

    const described = expectOk(await ask("/api/vault", post({ key: KEY, description: "Second" })));
    expect(withoutUse(described)).toEqual({
      ...created,
      description: "Second",
      updated_at: expect.any(String),
    });
    expect(described.updated_at).not.toBe(created.updated_at);

    const rotated = expectOk(await ask("/api/vault", post({ key: KEY, value: `${VALUE}-2` })));
    expect(rotated.last_rotated_at).not.toBe(created.last_rotated_at);
    expect(rotated).toMatchObject({ description: "Second", created_at: created.created_at });
    // The value that is stored already is no rotation, and alone no change either.
    const same = { key: KEY, value: `${VALUE}-2` };
    expect(withoutUse(expectOk(await ask("/api/vault", post(same))))).toEqual(withoutUse(rotated));
    const secrets = [{ ...same, if_updated_at: rotated.updated_at }];
    const imported = expectOk(await ask("/api/vault/import", post({ secrets }))).secrets;
    expect(imported.map(withoutUse)).toEqual([withoutUse(rotated)]);

    const late = { key: KEY, value: ECHO, if_updated_at: described.updated_at };
    expectProblem(await ask("/api/vault", post(late)), 409, "secret_changed");
    const revealed = expectOk(await ask(`/api/vault?key=${KEY}&reveal=true`));
    expect(revealed).toEqual({ key: KEY, value: `${VALUE}-2` });
    expectOk(await ask("/api/vault", post({ ...late, if_updated_at: rotated.updated_at })));

    const { updated_at } = expectOk(await ask(`/api/vault?key=${KEY}`));
    const remove = (state: string) =>
      ask(`/api/vault?key=${KEY}&if_updated_at=${state}`, { method: "DELETE" });
    expectProblem(await remove(rotated.updated_at), 409, "secret_changed");
    const deleted = await remove(updated_at);
    expectOk(deleted, 204);
    expect(deleted.text).toBe("");
    for (const [path, sending] of [
      [`/api/vault?key=${KEY}`, { method: "DELETE" }],
      [`/api/vault?key=${KEY}&if_updated_at=${updated_at}`, { method: "DELETE" }],
      [`/api/vault?key=${KEY}`, {}],
      [`/api/vault?key=${KEY}&reveal=true`, {}],
      ["/api/vault", post({ key: KEY, category: "Email" })],
      ["/api/vault", post(late)],
    ] as const) {
      expectProblem(await ask(path, sending), 404, "secret_not_found");
    }
  });

  test("enter a key that is use only and expires, which is never shown until a new value says so", async () => {
    const person = await newPerson();
    const ask = as(person);
    const hint = "wxyz";
    const value = `sk-proj-EXAMPLE-NOT-REAL-${hint}`;
    const entry = { key: KEY, value, use_only: true, expires_at: "2031-05-06T07:08:09.123Z" };
    const created = expectOk(await ask("/api/vault", post(entry)), 201);
    expect(created.details).toEqual({
      ...{ hint, use_only: true, expires_at: "2031-05-06T07:08:09.123000Z", added_by: person.id },
      ...{ last_used_at: null, checked_at: null, check_result: null, check_facts: null },
    });
    const refused = async () => {
      for (const query of ["&reveal=true", "&reveal=true&copy=true"]) {
        expectProblem(await ask(`/api/vault?key=${KEY}${query}`), 403, "secret_use_only");
      }
    };
    await refused();
    expectProblem(await ask("/api/vault", post({ key: KEY, use_only: false })), 400, "invalid_request");
    const changed = expectOk(
      await ask("/api/vault", post({ key: KEY, description: "Dated", expires_at: null })),
    );
    expect(changed.details).toEqual({ ...created.details, expires_at: null });
    // The value that is stored already is no new one, and a new one that says nothing is like the one before.
    expectOk(await ask("/api/vault", post({ key: KEY, value, use_only: false })));
    await refused();
    expectOk(await ask("/api/vault", post({ key: KEY, value: `${value}-2` })));
    await refused();
    const secrets = [{ key: KEY, value: `${value}-3`, if_updated_at: null }];
    const { updated_at } = expectOk(await ask(`/api/vault?key=${KEY}`));
    const replacing = secrets.map((secret) => ({ ...secret, if_updated_at: updated_at }));
    expectOk(await ask("/api/vault/import", post({ secrets: replacing })));
    await refused();
    const shown = expectOk(await ask("/api/vault", post({ key: KEY, value: VALUE, use_only: false })));
    expect(shown.details).toMatchObject({ use_only: false, expires_at: null, added_by: person.id });
    expect(expectOk(await ask(`/api/vault?key=${KEY}&reveal=true`))).toEqual({ key: KEY, value: VALUE });

    const other = [{ key: "IMPORTED_KEY", value, if_updated_at: null }];
    const [imported] = expectOk(
      await ask("/api/vault/import", post({ secrets: other, use_only: true })),
    ).secrets;
    expect(imported.details).toMatchObject({ hint, use_only: true, added_by: person.id });
    expectProblem(await ask("/api/vault?key=IMPORTED_KEY&reveal=true"), 403, "secret_use_only");
  });

  test("reach only one's own secrets, whatever key they have in common", async ({ cast }) => {
    const ask = as(cast.stranger);
    expect(expectOk(await ask("/api/vault"))).toEqual({ secrets: [] });
    expectProblem(await ask(`/api/vault?key=${KEY}&reveal=true`), 404, "secret_not_found");
    expectProblem(await ask(`/api/vault?key=${KEY}`, { method: "DELETE" }), 404, "secret_not_found");
  });

  test("do not open a ciphertext that was moved here from somebody else's row", async ({ cast }) => {
    const thief = await newPerson();
    const stolen = await askDatabase(
      `/rest/v1/vault_secrets?select=encrypted_value&owner_id=eq.${cast.owner.id}&key=eq.${KEY}`,
    );
    const [{ encrypted_value }] = JSON.parse(stolen.text);
    await insertRows("vault_secrets", { owner_type: "user", owner_id: thief.id, key: KEY, encrypted_value });
    expectProblem(await as(thief)(`/api/vault?key=${KEY}&reveal=true`), 500, "secret_unreadable");
  });
});

test.describe("limits", () => {
  const MAX_VALUE = 8192;
  const pem = (bytes: number) => `{"pem":"${"ü".repeat((bytes - 10) / 2)}"}`;
  const padded = (length: number) => {
    const json = JSON.stringify({ key: "CERTIFICATE", value: pem(MAX_VALUE) });
    return json + " ".repeat(length - Buffer.byteLength(json));
  };

  test("a value of 8,192 bytes is stored, one of 8,194 bytes or in a body over 32 KiB is not", async () => {
    const ask = as(await newPerson());
    expectOk(await ask("/api/vault", post({ key: "CERTIFICATE", value: pem(MAX_VALUE) })), 201);
    const kept = expectOk(await ask("/api/vault?key=CERTIFICATE&reveal=true"));
    expect(kept.value).toBe(pem(MAX_VALUE));
    expectOk(await ask("/api/vault", post({ key: KEY, value: "x".repeat(MAX_VALUE) })), 201);
    for (const value of [pem(MAX_VALUE + 2), "x".repeat(MAX_VALUE + 1)]) {
      expectProblem(await ask("/api/vault", post({ key: "CERTIFICATE", value })), 400, "invalid_request");
    }
    for (const chunked of [false, true]) {
      const sending = { method: "POST", headers: JSON_TYPE, chunked };
      expectOk(await ask("/api/vault", { ...sending, body: padded(LIMIT) }));
      expectProblem(
        await ask("/api/vault", { ...sending, body: padded(LIMIT + 1) }),
        413,
        "payload_too_large",
      );
    }
  });

  test("the 201st secret is refused, and the 200 others can still be changed", async () => {
    const person = await newPerson();
    const row = { owner_type: "user", owner_id: person.id, encrypted_value: "v1.test" };
    await insertRows(
      "vault_secrets",
      Array.from({ length: 200 }, (_, index) => ({ ...row, key: `KEY_${index}` })),
    );
    expectProblem(await as(person)("/api/vault", post({ key: KEY, value: VALUE })), 409, "secret_limit");
    expectOk(await as(person)("/api/vault", post({ key: "KEY_7", value: VALUE })));
  });
});

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

test.describe("a team's vault", () => {
  test("shows members what there is", async ({ cast }) => {
    const ask = as(cast.member);
    expect(expectOk(await ask(`/api/vault?team_id=${cast.team}`)).secrets).toHaveLength(1);
    const one = expectOk(await ask(`/api/vault?team_id=${cast.team}&key=${KEY}`));
    expect(one).toMatchObject({ key: KEY, owner_type: "team" });
  });

  test("works for an admin, and stops in the moment in which they are removed", async () => {
    const admin = await newPerson();
    const team_id = await newTeam({ admin, member: await newPerson() });
    const ask = as(admin);
    const address = `/api/vault?team_id=${team_id.toUpperCase()}&key=${KEY}`;
    const created = expectOk(await ask("/api/vault", post({ key: KEY, value: VALUE, team_id })), 201);
    expect(created).toMatchObject({ owner_type: "team", owner_id: team_id });
    expectOk(await ask("/api/vault", post({ key: KEY, value: `${VALUE}-2`, team_id })));
    expect(expectOk(await ask(`${address}&reveal=true`))).toEqual({ key: KEY, value: `${VALUE}-2` });
    expect(expectOk(await ask("/api/vault"))).toEqual({ secrets: [] });
    expectOk(await ask(address, { method: "DELETE" }), 204);
    expectProblem(await ask(address, { method: "DELETE" }), 404, "secret_not_found");

    expectOk(await ask("/api/vault", post({ key: KEY, value: VALUE, team_id })), 201);
    // A team keeps an admin, so somebody else becomes one first.
    const members = `/rest/v1/team_members?team_id=eq.${team_id}`;
    await askDatabase(members, { method: "PATCH", body: { role: "admin" } });
    await askDatabase(`${members}&user_id=eq.${admin.id}`, { method: "DELETE" });
    for (const { path, sending } of everyTeamRequest(team_id)) {
      expectProblem(await ask(path, sending), 404, "team_not_found");
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
