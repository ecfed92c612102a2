import { randomUUID } from "node:crypto";
import type { OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys";
import { APP_PORT, APP_URL, NO_PLATFORM_KEY_URL } from "../support/ports";
import {
  as,
  askDatabase,
  expectOk,
  expectProblem,
  expectSealed,
  fingerprint,
  insertRows,
  JSON_TYPE,
  newPerson,
  newTeam,
  type Person,
  post,
  type Sending,
  send,
  sessionCookie,
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
        expectOk(await as(admin)(`/api/vault?team_id=${team}`)),
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
      "category created_at description id key last_rotated_at owner_id owner_type updated_at".split(" "),
    );
    expect(created).toMatchObject({ key: KEY, category: "LLM", description: "First", owner_type: "user" });
    expect(expectOk(await ask("/api/vault"))).toEqual({ secrets: [created] });
    expect(expectOk(await ask(`/api/vault?key=${KEY}`))).toEqual(created);
    expect(expectOk(await ask(`/api/vault?key=${KEY}&reveal=false`))).toEqual(created);
    expect(expectOk(await ask(`/api/vault?key=${KEY}&reveal=true`))).toEqual({ key: KEY, value: VALUE });

    const described = expectOk(await ask("/api/vault", post({ key: KEY, description: "Second" })));
    expect(described).toEqual({ ...created, description: "Second", updated_at: expect.any(String) });
    expect(described.updated_at).not.toBe(created.updated_at);

    const rotated = expectOk(await ask("/api/vault", post({ key: KEY, value: `${VALUE}-2` })));
    expect(rotated.last_rotated_at).not.toBe(created.last_rotated_at);
    expect(rotated).toMatchObject({ description: "Second", created_at: created.created_at });

    const late = { key: KEY, value: ECHO, if_updated_at: described.updated_at };
    expectProblem(await ask("/api/vault", post(late)), 409, "secret_changed");
    const revealed = expectOk(await ask(`/api/vault?key=${KEY}&reveal=true`));
    expect(revealed).toEqual({ key: KEY, value: `${VALUE}-2` });
    expectOk(await ask("/api/vault", post({ ...late, if_updated_at: rotated.updated_at })));

    const deleted = await ask(`/api/vault?key=${KEY}`, { method: "DELETE" });
    expectOk(deleted, 204);
    expect(deleted.text).toBe("");
    for (const [path, sending] of [
      [`/api/vault?key=${KEY}`, { method: "DELETE" }],
      [`/api/vault?key=${KEY}`, {}],
      [`/api/vault?key=${KEY}&reveal=true`, {}],
      ["/api/vault", post({ key: KEY, category: "Email" })],
      ["/api/vault", post(late)],
    ] as const) {
      expectProblem(await ask(path, sending), 404, "secret_not_found");
    }
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
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const strangersOnly: [string, (cast: Cast) => OutgoingHttpHeaders][] = [
    ["nothing", () => ({})],
    ["a cookie of garbage", () => ({ Cookie: "sb-127-auth-token=garbage" })],
    ["a valid access token as bearer", ({ owner }) => bearer(owner.session.access_token)],
    ["the secret key as bearer", () => bearer(TEST_SECRET_KEY)],
    ["the publishable key as apikey", () => ({ apikey: TEST_PUBLISHABLE_KEY })],
    ["the secret key as both", () => ({ apikey: TEST_SECRET_KEY, ...bearer(TEST_SECRET_KEY) })],
    ["headers of Next's own", () => ({ "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" })],
    ["a changed method", () => ({ "X-HTTP-Method-Override": "OPTIONS" })],
  ];
  for (const [what, headers] of strangersOnly) {
    test(`with ${what} every address answers 401`, async ({ cast }) => {
      for (const [path, sending] of [
        ["/api/vault", {}],
        [`/api/vault?key=${KEY}`, {}],
        [`/api/vault?key=${KEY}&reveal=true`, {}],
        ["/api/vault", post({ key: KEY, value: ECHO })],
        [`/api/vault?key=${KEY}`, { method: "DELETE" }],
        ["/api/reveal/run", post({ prompt: "Sing" })],
        ["/api/reveal/analyze", post({ text: "A song." })],
        ["/api/webhooks", {}],
        ["/api/webhooks", post({ url: "https://example.com/hook" })],
        [`/api/webhooks/deliveries?id=${ABSENT_ID}`, {}],
        ...UNSAFE.map(([path, sending]): [string, Sending] => [path, sending]),
      ] satisfies [string, Sending][]) {
        expectProblem(await send(path, withHeaders(sending, headers(cast))), 401, "unauthenticated");
      }
    });
  }

  const NONE = { alg: "none", typ: "JWT" };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  /** The stranger's own session, with something in it made the owner's. */
  const forgeries: [string, (mine: Person, owner: Person) => unknown][] = [
    ["an edited payload", (mine, { id }) => token(mine, (h, p, s) => [h, encode({ ...p, sub: id }), s])],
    ["no algorithm", (mine, { id }) => token(mine, (_, p) => [encode(NONE), encode({ ...p, sub: id }), ""])],
    ["no algorithm but a signature", (mine) => token(mine, (_, p, s) => [encode(NONE), encode(p), s])],
    ["the secret key for a token", ({ session }) => ({ ...session, access_token: TEST_SECRET_KEY })],
    ["a header smuggled in", ({ session }) => ({ ...session, access_token: "a\r\nX-Injected: 1" })],
    ["a token that is no text", ({ session }) => ({ ...session, access_token: { sub: "x" } })],
    [
      "a past end and no right to renew",
      ({ session }) => ({ ...session, expires_at: 1, refresh_token: "x" }),
    ],
    ["no object", () => "[]"],
    ["a prototype", () => '{"__proto__":{"access_token":"x"}}'],
    ["no JSON", () => "hello"],
  ];
  const token = (
    { session }: Person,
    forge: (header: string, payload: object, signature: string) => string[],
  ) => {
    const [header = "", payload = "", signature = ""] = session.access_token.split(".");
    const forged = forge(header, JSON.parse(Buffer.from(payload, "base64url").toString()), signature);
    return { ...session, access_token: forged.join(".") };
  };
  for (const [what, forge] of forgeries) {
    test(`a session cookie with ${what} is 401, and no dashboard`, async ({ cast }) => {
      const cookie = sessionCookie(forge(cast.stranger, cast.owner));
      expectProblem(await as({ cookie })(`/api/vault?key=${KEY}&reveal=true`), 401, "unauthenticated");
      const page = await as({ cookie })("/dashboard");
      expect([page.status, page.headers.location]).toEqual([307, "/login"]);
      expect(page.text).not.toContain(cast.owner.email);
    });
  }

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

test.describe("a request that a browser was tricked into", () => {
  const evil = "https://evil.example";
  const passes: [string, OutgoingHttpHeaders][] = [
    ["neither header, as curl", {}],
    ["Sec-Fetch-Site: same-origin", { "Sec-Fetch-Site": "same-origin" }],
    ["our own Origin", { Origin: APP_URL }],
  ];
  const fails: [string, OutgoingHttpHeaders][] = [
    ["Sec-Fetch-Site: same-site", { "Sec-Fetch-Site": "same-site" }],
    ["Sec-Fetch-Site: cross-site", { "Sec-Fetch-Site": "cross-site" }],
    ["Sec-Fetch-Site: none", { "Sec-Fetch-Site": "none" }],
    ["an empty Sec-Fetch-Site", { "Sec-Fetch-Site": "" }],
    ["Sec-Fetch-Site: cross-site and our own Origin", { "Sec-Fetch-Site": "cross-site", Origin: APP_URL }],
    ["a foreign Origin", { Origin: evil }],
    ["Origin: null", { Origin: "null" }],
    ["the Origin of another port", { Origin: NO_PLATFORM_KEY_URL }],
    ["the Origin of another scheme", { Origin: APP_URL.replace("http:", "https:") }],
    ["an Origin that begins with ours", { Origin: `${APP_URL}.evil.example` }],
    ["a forged Host and its Origin", { Host: "evil.example", Origin: "http://evil.example" }],
    ["a forged X-Forwarded-Host and its Origin", { "X-Forwarded-Host": "evil.example", Origin: evil }],
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
  for (const [what, headers] of fails) {
    test(`is 403 with ${what}, unless it only lists`, async ({ cast }) => {
      const ask = as(cast.owner);
      for (const [path, sending] of UNSAFE) {
        expectProblem(await ask(path, withHeaders(sending, headers)), 403, "cross_origin");
      }
      const reveal = await ask(`/api/vault?key=${KEY}&reveal=true`, { headers });
      expectProblem(reveal, 403, "cross_origin");
      expectOk(await ask("/api/vault", { headers }));
      expectOk(await ask(`/api/vault?key=${KEY}`, { headers }));
      expectOk(await ask("/api/webhooks", { headers }));
    });
  }
});

test.describe("a body", () => {
  const good = JSON.stringify({ key: KEY, value: ECHO });
  const types: [string, OutgoingHttpHeaders][] = [
    ["no content type", {}],
    ["text/plain", { "Content-Type": "text/plain" }],
    ["a form's type", { "Content-Type": "application/x-www-form-urlencoded" }],
    ["application/jsonx", { "Content-Type": "application/jsonx" }],
    ["application/json after another type", { "Content-Type": "text/plain; application/json" }],
    ["another character set", { "Content-Type": "application/json; charset=utf-16" }],
    ["gzip as its encoding", { ...JSON_TYPE, "Content-Encoding": "gzip" }],
  ];
  for (const [what, headers] of types) {
    test(`with ${what} is 415`, async ({ cast }) => {
      const reply = await as(cast.owner)("/api/vault", { method: "POST", headers, body: good });
      expectProblem(reply, 415, "unsupported_media_type");
    });
  }

  const bodies: [string, string | Buffer][] = [
    ["nothing", ""],
    ["half a JSON", `{"key":"${KEY}","value":"${ECHO}`],
    ["UTF-8 that is none", Buffer.from(`{"key":"PEM","value":"${ECHO}\xff"}`, "latin1")],
    ["an array", `[${good}]`],
    ["null", "null"],
    ["brackets 15,000 deep", "[".repeat(15_000) + "]".repeat(15_000)],
    ...Object.entries({
      "only a key": { key: KEY },
      "an unknown member": { key: KEY, value: ECHO, [ECHO]: 1 },
      "a user_id": { key: KEY, value: ECHO, user_id: randomUUID() },
      "an owner_id": { key: KEY, value: ECHO, owner_id: randomUUID() },
      "a constructor": { key: KEY, value: ECHO, constructor: { prototype: 1 } },
      "no key": { value: ECHO },
      "a key in small letters": { key: "openai", value: ECHO },
      "a filter for a key": { key: `eq.${KEY}`, value: ECHO },
      "two keys in one": { key: `${KEY},${ABSENT}`, value: ECHO },
      "a line break after the key": { key: `${KEY}\n`, value: ECHO },
      "a number for a value": { key: KEY, value: 1 },
      "null for a value": { key: KEY, value: null },
      "an empty value": { key: KEY, value: " " },
      "half a surrogate pair": { key: "PEM", value: `${ECHO}\ud800` },
      "a NUL in the value": { key: "PEM", value: `${ECHO}\0` },
      "a line break in a provider's key": { key: KEY, value: `${ECHO}\n${ECHO}` },
      "a masked value": { key: KEY, value: "••••••••" },
      "a line of a .env file": { key: KEY, value: `export ${KEY}=${ECHO}` },
      "an unknown category": { key: KEY, category: ECHO },
      "a description of two lines": { key: KEY, description: `${ECHO}\n${ECHO}` },
      "a description of 501 characters": { key: KEY, description: "x".repeat(501) },
      "a filter for a team": { key: KEY, value: ECHO, team_id: `neq.${randomUUID()}` },
      "no time": { key: KEY, value: ECHO, if_updated_at: "now()" },
      "a year that the database has not": { key: KEY, value: ECHO, if_updated_at: "0000-01-01T00:00:00Z" },
      "a time of another zone": { key: KEY, value: ECHO, if_updated_at: "2026-01-01T00:00:00+23:59" },
      "a time of 200 digits": {
        key: KEY,
        value: ECHO,
        if_updated_at: `2026-01-01T00:00:00.${"1".repeat(200)}Z`,
      },
    }).map(([what, body]): [string, string] => [what, JSON.stringify(body)]),
    ["a prototype", `{"key":"${KEY}","__proto__":{"value":"${ECHO}"}}`],
  ];
  for (const [what, body] of bodies) {
    test(`with ${what} is 400`, async ({ cast }) => {
      const reply = await as(cast.owner)("/api/vault", { method: "POST", headers: JSON_TYPE, body });
      expectProblem(reply, 400, "invalid_request");
      expect(reply.text).not.toContain(ECHO);
    });
  }
});

test.describe("a query", () => {
  const queries = [
    `key=${KEY}&key=${ABSENT}`,
    `key=${KEY}&reveal=true&reveal=false`,
    `key=${KEY}&reveal=yes`,
    `key=${KEY}&reveal=`,
    `key=${KEY}&REVEAL=true`,
    "reveal=true",
    "key=",
    "key=openai",
    `key=${"A".repeat(65)}`,
    `key=eq.${KEY}`,
    `key=neq.${ABSENT}`,
    `key=${KEY},${ABSENT}`,
    `key=${KEY}%00`,
    `key=${KEY}%0A`,
    "key=__proto__",
    "key=%E0%A4%A",
    "key[]=A",
    "constructor=1",
    "team_id=",
    `team_id=neq.${randomUUID()}`,
    `team_id=${randomUUID()},owner_type.eq.user`,
    `user_id=${randomUUID()}`,
    `owner_id=${randomUUID()}`,
    "select=*",
    `or=(key.eq.${KEY})`,
    `nxtPkey=${KEY}&nxtPreveal=true&reveal=true`,
    "%",
  ];
  for (const query of queries) {
    test(`like ${query.replaceAll(/[0-9a-f-]{36}/g, "…")} is 400`, async ({ cast }) => {
      expectProblem(await as(cast.owner)(`/api/vault?${query}`), 400, "invalid_request");
    });
  }
  for (const query of ["", `key=${KEY}&reveal=true`, `key=${KEY}&value=${ECHO}`, `key=${KEY}&key=${KEY}`]) {
    test(`like “${query}” deletes nothing`, async ({ cast }) => {
      const reply = await as(cast.owner)(`/api/vault?${query}`, { method: "DELETE" });
      expectProblem(reply, 400, "invalid_request");
    });
  }
});

test.describe("a method that is not there", () => {
  for (const [path, allow] of [
    [`/api/vault?key=${KEY}&reveal=true`, "GET, POST, DELETE"],
    ["/api/webhooks", "GET, POST, PATCH, DELETE"],
    [`/api/webhooks/deliveries?id=${ABSENT_ID}`, "GET"],
    ["/api/webhooks/test", "POST"],
    ["/api/webhooks/resend", "POST"],
    ["/api/webhooks/secret", "POST"],
    ["/api/reveal/run", "POST"],
    ["/api/reveal/analyze", "POST"],
  ] as const) {
    const methods = ["HEAD", "OPTIONS", "GET", "POST", "PUT", "PATCH", "DELETE"];
    for (const method of methods.filter((known) => !allow.split(", ").includes(known))) {
      test(`is 405 without a body and without CORS: ${method} ${path.replace(ABSENT_ID, "…")}`, async ({
        cast,
      }) => {
        const preflight = { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" };
        const reply = await as(cast.owner)(path, { method, headers: preflight });
        expectSealed(reply);
        expect([reply.status, reply.headers.allow, reply.text]).toEqual([405, allow, ""]);
      });
    }
  }
});

test.describe("of several faults, the first in this order is told:", () => {
  const team_id = randomUUID();
  const large = `{"value":"${"x".repeat(LIMIT)}`;
  type Who = "nobody" | "owner" | "member" | "admin";
  const foreign = { "Sec-Fetch-Site": "cross-site" };
  const text = { "Content-Type": "text/plain" };
  const order: [string, Who, OutgoingHttpHeaders, string | object, number, string][] = [
    ["no session", "nobody", { ...foreign, ...text }, large, 401, "unauthenticated"],
    ["another site", "owner", { ...foreign, ...text }, large, 403, "cross_origin"],
    ["another type", "owner", text, large, 415, "unsupported_media_type"],
    ["too large", "owner", {}, large, 413, "payload_too_large"],
    ["malformed", "owner", {}, { key: "a", value: ECHO, team_id }, 400, "invalid_request"],
    ["an unknown team", "owner", {}, { key: ABSENT, category: "LLM", team_id }, 404, "team_not_found"],
    ["no role", "member", {}, { key: ABSENT, category: "LLM" }, 403, "team_role_required"],
    ["not there", "admin", {}, { key: ABSENT, category: "LLM" }, 404, "secret_not_found"],
  ];
  for (const [what, who, headers, content, status, code] of order) {
    test(`${what} is ${status}`, async ({ cast }) => {
      const inTeam = who === "member" || who === "admin";
      const body =
        typeof content === "string"
          ? content
          : JSON.stringify({ ...(inTeam && { team_id: cast.team }), ...content });
      const ask = who === "nobody" ? send : as(cast[who]);
      const sending = { method: "POST", body, headers: { ...JSON_TYPE, ...headers } };
      expectProblem(await ask("/api/vault", sending), status, code);
    });
  }

  for (const [what, query, method] of [
    ["a reveal", "key=a&reveal=true", "GET"],
    ["a DELETE", "key=a", "DELETE"],
  ] as const) {
    test(`${what} is 401, 403, 400 and 404 in the same order`, async ({ cast }) => {
      const path = `/api/vault?${query}&team_id=${team_id}`;
      const ask = as(cast.owner);
      expectProblem(await send(path, { method, headers: foreign }), 401, "unauthenticated");
      expectProblem(await ask(path, { method, headers: foreign }), 403, "cross_origin");
      expectProblem(await ask(path, { method }), 400, "invalid_request");
      expectProblem(await ask(path.replace("=a", `=${ABSENT}`), { method }), 404, "team_not_found");
    });
  }
});

test.describe("a team's vault", () => {
  const everyRequest = (team_id: string): [string, Sending][] => [
    [`/api/vault?team_id=${team_id}`, {}],
    [`/api/vault?team_id=${team_id}&key=${KEY}`, {}],
    [`/api/vault?team_id=${team_id}&key=${KEY}&reveal=true`, {}],
    [`/api/vault?team_id=${team_id}&key=${KEY}`, { method: "DELETE" }],
    ["/api/vault", post({ key: KEY, value: ECHO, team_id })],
    ["/api/vault", post({ key: KEY, category: "Email", team_id })],
    ["/api/reveal/run", post({ prompt: "Sing", team_id })],
    ["/api/reveal/analyze", post({ text: "A song.", team_id })],
    ["/api/reveal/run", post({ prompt: "Sing", team_id, source: "team" })],
    ["/api/reveal/analyze", post({ text: "A song.", team_id, source: "env" })],
    [`/api/reveal/payers?team_id=${team_id}`, {}],
    ["/api/vault/check", post({ key: KEY, team_id })],
    ["/api/vault/import", post({ secrets: [{ key: KEY, value: ECHO, if_updated_at: null }], team_id })],
    [`/api/vault/events?team_id=${team_id}`, {}],
    [`/api/usage?team_id=${team_id}`, {}],
    [`/api/usage?team_id=${team_id}&format=csv`, {}],
    [`/api/usage/runs?team_id=${team_id}`, {}],
    ...everyWebhookRequest(team_id),
  ];
  /** All of them are the admins'. */
  const everyWebhookRequest = (team_id: string): [string, Sending][] => {
    const one = { id: ABSENT_ID, team_id };
    return [
      [`/api/webhooks?team_id=${team_id}`, {}],
      ["/api/webhooks", post({ url: "https://127.0.0.1/", team_id })],
      ["/api/webhooks", { ...post({ ...one, paused: true }), method: "PATCH" }],
      [`/api/webhooks?team_id=${team_id}&id=${ABSENT_ID}`, { method: "DELETE" }],
      [`/api/webhooks/deliveries?team_id=${team_id}&id=${ABSENT_ID}`, {}],
      ["/api/webhooks/test", post(one)],
      ["/api/webhooks/resend", post({ ...one, delivery_id: ABSENT_ID })],
      ["/api/webhooks/secret", post(one)],
    ];
  };

  test("answers a stranger exactly as one that does not exist", async ({ cast }) => {
    const unknown = everyRequest(randomUUID());
    for (const [index, [path, sending]] of everyRequest(cast.team).entries()) {
      const foreign = await as(cast.owner)(path, sending);
      expectProblem(foreign, 404, "team_not_found");
      const [otherPath, otherSending] = unknown[index] ?? [""];
      expect(fingerprint(await as(cast.owner)(otherPath, otherSending))).toEqual(fingerprint(foreign));
    }
  });

  test("is not reached by a person's id in place of the team's", async ({ cast }) => {
    for (const [path, sending] of everyRequest(cast.owner.id)) {
      expectProblem(await as(cast.owner)(path, sending), 404, "team_not_found");
    }
  });

  test("shows members what there is, and lets only admins see and change values", async ({ cast }) => {
    const [list, one, ...managing] = everyRequest(cast.team).slice(0, 6);
    const ask = as(cast.member);
    expect(expectOk(await ask(list?.[0] ?? "")).secrets).toHaveLength(1);
    expect(expectOk(await ask(one?.[0] ?? ""))).toMatchObject({ key: KEY, owner_type: "team" });
    expect(managing).toHaveLength(4);
    for (const [path, sending] of [...managing, ...everyWebhookRequest(cast.team)]) {
      expectProblem(await ask(path, sending), 403, "team_role_required");
    }
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
    for (const [path, sending] of everyRequest(team_id)) {
      expectProblem(await ask(path, sending), 404, "team_not_found");
    }
  });
});

test.describe("the other addresses have the same checks:", () => {
  const routes: { path: string; method?: string; good: object; limit: number }[] = [
    { path: "/api/reveal/run", good: { prompt: "Sing" }, limit: 121_000 },
    { path: "/api/reveal/analyze", good: { text: "A song." }, limit: 1_201_000 },
    { path: "/api/webhooks", good: { url: "https://127.0.0.1/" }, limit: 8_192 },
    { path: "/api/webhooks", method: "PATCH", good: { id: ABSENT_ID, paused: true }, limit: 8_192 },
    { path: "/api/webhooks/test", good: { id: ABSENT_ID }, limit: 8_192 },
    { path: "/api/webhooks/resend", good: { id: ABSENT_ID, delivery_id: ABSENT_ID }, limit: 8_192 },
    { path: "/api/webhooks/secret", good: { id: ABSENT_ID }, limit: 8_192 },
    { path: "/api/vault/check", good: { key: KEY }, limit: 1_024 },
    {
      path: "/api/vault/import",
      good: { secrets: [{ key: KEY, value: "x", if_updated_at: null }] },
      limit: 262_144,
    },
  ];
  for (const { path, method = "POST", good, limit } of routes) {
    test(`${method} ${path}`, async ({ cast }) => {
      const ask = as(cast.owner);
      const sent = (...content: Parameters<typeof post>): Sending => ({ ...post(...content), method });
      const origins = [{ "Sec-Fetch-Site": "cross-site" }, { "Sec-Fetch-Site": "none" }, { Origin: "null" }];
      for (const headers of origins) expectProblem(await ask(path, sent(good, headers)), 403, "cross_origin");
      const type = { "Content-Type": "text/plain" };
      expectProblem(await ask(path, sent(good, type)), 415, "unsupported_media_type");

      const large = JSON.stringify(good).padEnd(limit + 1);
      for (const chunked of [false, true]) {
        const sending = { method, headers: JSON_TYPE, body: large, chunked };
        expectProblem(await ask(path, sending), 413, "payload_too_large");
      }
      const malformed = [[good], {}, { ...good, user_id: cast.stranger.id }, { ...good, [ECHO]: ECHO }];
      for (const body of malformed) {
        const reply = await ask(path, sent(body));
        expectProblem(reply, 400, "invalid_request");
        expect(reply.text).not.toContain(ECHO);
      }
    });
  }
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
    for (const [path, ask] of [
      ["/login", send],
      ["/dashboard", as(person)],
    ] as const) {
      const hidden = [
        ...(await ask(path)).text.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g),
      ];
      expect(hidden.length).toBeGreaterThan(0);
      const form = new FormData();
      for (const [, name = "", value = ""] of hidden) form.set(name, value.replaceAll("&quot;", '"'));
      form.set("email", cast.owner.email);
      form.set("password", "a-long-test-password");
      const encoded = new Response(form);
      const body = Buffer.from(await encoded.arrayBuffer());
      for (const Origin of ["https://evil.example", "null", NO_PLATFORM_KEY_URL]) {
        const headers = { "Content-Type": encoded.headers.get("content-type") ?? "", Origin };
        const reply = await ask(path, { method: "POST", body, headers });
        expect(reply.status).toBeGreaterThanOrEqual(400);
        expect(reply.headers["set-cookie"]).toBeUndefined();
      }
    }
    expectOk(await as(person)("/api/vault"));
  });

  test("gets no ciphertext and nobody else's row out of the database itself", async ({ cast }) => {
    const table = "/rest/v1/vault_secrets";
    const row = { owner_type: "user", owner_id: cast.owner.id, key: "NEW", encrypted_value: "v1.test" };
    const team = { team_id: cast.team, user_id: cast.stranger.id, role: "admin" };
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
      ["/rest/v1/webhooks?select=*"],
      ["/rest/v1/webhooks?select=x:encrypted_secret::text"],
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
    expect(await owners("member")).toEqual([cast.team]);
    expect(await owners("stranger")).toEqual([]);
  });

  test("holds up nobody with a body that never ends", async ({ cast }) => {
    const socket = connect(APP_PORT, "127.0.0.1");
    socket.write(
      `POST /api/vault HTTP/1.1\r\nHost: localhost:${APP_PORT}\r\nCookie: ${cast.owner.cookie}\r\n` +
        `Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
    );
    const started = performance.now();
    expectOk(await as(cast.owner)("/api/vault"));
    expect(performance.now() - started).toBeLessThan(5_000);
    socket.destroy();
  });
});
