import { startWebhookReceiver } from "../../support/webhook-receiver";
import { test as base, expect, newKey, newValue } from "../fixtures";
import {
  as,
  askDatabase,
  confirmationOf,
  cookiesFrom,
  expectOk,
  expectProblem,
  newPerson,
  newTeam,
  type Person,
  post,
  type Sending,
  send,
} from "./client";

const KEY = "ANTHROPIC_API_KEY";
const CONFIRM = "/api/account/confirmation";
const REVEAL = `/api/vault?key=${KEY}&reveal=true`;

/** `thief` has the session cookie of `person`, who has a key and a team, and nothing else. */
const test = base.extend<{ person: Person; thief: Pick<Person, "cookie"> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
  person: async ({}, use) => use(await newPerson()),
  thief: async ({ person }, use) => use({ cookie: person.sessionCookie }),
});

const patch = (body: unknown): Sending => ({ ...post(body), method: "PATCH" });
const rows = async (path: string) => JSON.parse((await askDatabase(`/rest/v1/${path}`)).text);
const isRequired = (reply: Parameters<typeof expectProblem>[0]) =>
  expectProblem(reply, 403, "confirmation_required");

test("a stolen session can spend, and cannot take away", async ({ person, thief }) => {
  const member = await newPerson();
  const team_id = await newTeam({ admin: person, member });
  const receiver = await startWebhookReceiver();
  const ask = as(person);
  const own = { url: receiver.url, events: ["vault.secret.revealed"] };
  const { id } = expectOk(await ask("/api/webhooks", post(own)), 201);
  const ofTeam = expectOk(await ask("/api/webhooks", post({ ...own, team_id })), 201);
  for (const owner of [{}, { team_id }]) {
    expectOk(await ask("/api/vault", post({ key: KEY, value: newKey(), ...owner })), 201);
  }
  const state = () =>
    Promise.all([
      rows(`vault_events?actor_id=eq.${person.id}&order=id`),
      rows(`team_members?team_id=eq.${team_id}&order=user_id`),
      rows(`team_invites?team_id=eq.${team_id}`),
      rows(`webhooks?id=in.(${id},${ofTeam.id})&order=id&select=id,encrypted_secret`),
    ]);
  const before = await state();

  const steal = as(thief);
  const takes: [string, Sending?][] = [
    [REVEAL],
    [`${REVEAL}&team_id=${team_id}`],
    [`${REVEAL}&copy=true`],
    [`${REVEAL}&copy=true&team_id=${team_id}`],
    ["/api/vault?key=NOT_THERE&reveal=true"],
    [`/api/webhooks?id=${id}&reveal=true`],
    [`/api/webhooks?id=${ofTeam.id}&team_id=${team_id}&reveal=true`],
    [`/api/webhooks?id=${team_id}&reveal=true`],
    ["/api/webhooks/secret", post({ id })],
    ["/api/webhooks/secret", post({ id: ofTeam.id, team_id })],
    ["/api/webhooks/secret", post({ id: team_id })],
    [`/api/teams/${team_id}/invites`, post({})],
    [`/api/teams/${team_id}/invites`, post({ role: "admin" })],
    [`/api/teams/${team_id}/members/${member.id}`, patch({ role: "admin" })],
  ];
  for (const [path, sending] of takes) isRequired(await steal(path, sending));
  expect(await state()).toEqual(before);

  for (const owner of [{}, { team_id }]) {
    expectOk(await steal("/api/vault/check", post({ key: KEY, ...owner })));
    const run = await steal("/api/reveal/run", post({ prompt: "Sing", ...owner }));
    expect(run.status, run.text).toBe(200);
    expectOk(await steal(`/api/vault?key=${KEY}`));
  }
  expectOk(await steal("/api/vault", post({ key: "OTHER", value: newValue() })), 201);
  expect((await steal("/api/vault?key=OTHER", { method: "DELETE" })).status).toBe(204);
  const demote = patch({ role: "member" });
  expectOk(await steal(`/api/teams/${team_id}/members/${member.id}`, demote));

  // The first message is of the owner's own reveal: there was none before.
  for (const [path, sending] of takes.filter(([, sending]) => sending)) {
    const known = sending?.body?.toString().includes(`"id":"${team_id}"`);
    const { status } = await ask(path, sending);
    expect(status, path).toBe(known ? 404 : path.endsWith("/invites") ? 201 : 200);
  }
  expect(expectOk(await ask(`/api/webhooks?id=${id}&reveal=true`))).toEqual({ id, url: own.url });
  expectOk(await ask(REVEAL));
  const [first] = await receiver.waitFor(1);
  expect(JSON.parse(first?.body ?? "")).toMatchObject({ type: "vault.secret.revealed" });
  expect(receiver.received).toHaveLength(1);
  await receiver.close();
});

test("what is asked for tells a stranger nothing, confirmed or not", async ({ person, thief }) => {
  const stranger = await newPerson();
  const team_id = await newTeam({ admin: stranger, member: person });
  const foreign = await newTeam({ admin: stranger });
  const requests = (team: string): [string, Sending?][] => [
    [`${REVEAL}&team_id=${team}`],
    [`/api/webhooks?id=${team}&team_id=${team}&reveal=true`],
    ["/api/webhooks/secret", post({ id: team, team_id: team })],
    [`/api/teams/${team}/invites`, post({})],
    [`/api/teams/${team}/members/${stranger.id}`, patch({ role: "admin" })],
  ];
  for (const who of [person, thief]) {
    for (const [path, sending] of [...requests(foreign), ...requests(person.id)]) {
      expectProblem(await as(who)(path, sending), 404, "team_not_found");
    }
    for (const [path, sending] of requests(team_id)) {
      expectProblem(await as(who)(path, sending), 403, "team_role_required");
    }
    const elsewhere = { headers: { "Sec-Fetch-Site": "cross-site" } };
    expectProblem(await as(who)(REVEAL, elsewhere), 403, "cross_origin");
    expectProblem(await as(who)("/api/vault?key=a-b&reveal=true"), 400, "invalid_request");
  }
});

test("only the confirmation of this session of this person counts, once, and for its time", async ({
  person,
  thief,
}) => {
  expectOk(await as(person)("/api/vault", post({ key: KEY, value: newKey() })), 201);
  const withCookies = (...cookies: string[]) => as({ cookie: [thief.cookie, ...cookies].join("; ") })(REVEAL);
  const good = confirmationOf(person);
  expectOk(await withCookies(good));
  const other = await newPerson();
  // Another session of the same person, in which the password was entered.
  const signIn = await send("/api/auth/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
    body: new URLSearchParams({ email: person.email, password: person.password }).toString(),
  });
  const [elsewhere = ""] = /vault-confirmed=[^;]+/.exec(cookiesFrom(signIn)) ?? [];
  expect(elsewhere).not.toBe("");
  const minute = 60_000;
  for (const cookies of [
    [confirmationOf(other)],
    [elsewhere],
    [good, good],
    [good, elsewhere],
    [confirmationOf(person, Date.now() - 15 * minute)],
    [confirmationOf(person, Date.now() + minute)],
    [good.replace("=", "=0")],
  ]) {
    isRequired(await withCookies(...cookies));
  }
  expectOk(await withCookies(confirmationOf(person, Date.now() - 14 * minute)));
  expectOk(await as({ cookie: cookiesFrom(signIn) })(REVEAL));
});

test("the password is asked for, and then everything works until the sign-out", async ({ person, thief }) => {
  expectOk(await as(person)("/api/vault", post({ key: KEY, value: newKey() })), 201);
  const steal = as(thief);
  for (const password of ["not-the-password", `${person.password} `, "x\0y", "\ud83d\ude00".repeat(100)]) {
    const wrong = await steal(CONFIRM, post({ password }));
    expectProblem(wrong, 403, "wrong_password");
    expect(wrong.headers["set-cookie"]).toBeUndefined();
  }
  for (const body of [
    {},
    { password: "" },
    { password: 1 },
    { password: "x".repeat(257) },
    { password: person.password, email: person.email },
  ]) {
    expectProblem(await steal(CONFIRM, post(body)), 400, "invalid_request");
  }
  const right = await steal(CONFIRM, post({ password: person.password }));
  expectOk(right, 204);
  expect(right.headers["set-cookie"]).toEqual([
    expect.stringMatching(
      /^vault-confirmed=\d{10}\.[\w-]{43}; Path=\/; Expires=[^;]+; Max-Age=900; HttpOnly; SameSite=lax$/,
    ),
  ]);
  const cookie = `${thief.cookie}; ${cookiesFrom(right)}`;
  expectOk(await as({ cookie })(REVEAL));
  // To try the password ends no session but the one that it began.
  expectOk(await steal("/api/vault"));

  const signedOut = await as({ cookie })("/api/auth/sign-out", { method: "POST" });
  const cleared = String(signedOut.headers["set-cookie"]);
  expect(cleared).toMatch(/vault-confirmed=;.*Expires=Thu, 01 Jan 1970/);
  expectProblem(await as({ cookie })(REVEAL), 401, "unauthenticated");
});

test("a password is tried five times in five minutes, however many at once, and by nobody else", async ({
  person,
  thief,
}) => {
  const other = await newPerson();
  const guess = () => as(thief)(CONFIRM, post({ password: "not-the-password" }));
  const replies = await Promise.all(Array.from({ length: 9 }, guess));
  const codes = replies.map(({ json }) => json.code).sort();
  expect(codes).toEqual([...Array(4).fill("too_many_attempts"), ...Array(5).fill("wrong_password")]);
  const late = await as(thief)(CONFIRM, post({ password: person.password }));
  expectProblem(late, 429, "too_many_attempts");
  expect(late.headers["retry-after"]).toBe("300");
  // What was confirmed before stays so, and nobody else is held up.
  expectOk(await as({ cookie: other.sessionCookie })(CONFIRM, post({ password: other.password })), 204);
  expectProblem(await as(person)(REVEAL), 404, "secret_not_found");
});
