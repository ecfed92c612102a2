import { waitForMail } from "../../support/mailbox";
import { NO_PLATFORM_KEY_PORT } from "../../support/ports";
import { fromBase32, stepNow, totp } from "../../support/totp";
import { expect, test } from "../fixtures";
import {
  as,
  askDatabase,
  cookiesFrom,
  expectOk,
  expectProblem,
  newAccount,
  newPerson,
  newTeam,
  type Person,
  post,
  type Reply,
  send,
} from "./client";

// What somebody does to their account is in their own activity, once, and in nobody else's.

const NEXT_PASSWORD = "another-long-test-password";

/** What the activity of an account has, oldest first, as the database keeps it. */
async function eventsOf(id: string): Promise<Record<string, unknown>[]> {
  const columns = "actor_id,owner_type,owner_id,key,action,subject_id,details";
  const { text } = await askDatabase(
    `/rest/v1/vault_events?or=(owner_id.eq.${id},actor_id.eq.${id},subject_id.eq.${id})&select=${columns}&order=created_at,id`,
  );
  return JSON.parse(text);
}

const event = (id: string, action: string, details: unknown = null) => ({
  ...{ actor_id: id, owner_type: "user", owner_id: id, key: null, action, subject_id: null, details },
});

const form = (path: string, fields: Record<string, string>, cookie = "", port?: number): Promise<Reply> =>
  send(path, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      Accept: "application/json",
      ...(cookie && { Cookie: cookie }),
    },
    body: new URLSearchParams(fields).toString(),
    ...(port && { port }),
  });

const changePassword = (who: Pick<Person, "cookie">, current_password: string, new_password: string) =>
  as(who)("/api/account/password", post({ current_password, new_password }));

test("a changed password is one event, that its person sees and nobody else; a refused one is none", async () => {
  const person = await newPerson();
  const { id, password, email } = person;
  expectProblem(await changePassword(person, password, "short"), 400, "password_too_short");
  expect(await eventsOf(id)).toEqual([]);
  expectProblem(await changePassword(person, "not-the-password", NEXT_PASSWORD), 403, "wrong_password");
  expect(await eventsOf(id)).toEqual([event(id, "confirmation_failed")]);

  const changed = await changePassword(person, password, NEXT_PASSWORD);
  expectOk(changed);
  expect((await eventsOf(id)).slice(1)).toEqual([event(id, "password_changed")]);
  const now = { cookie: cookiesFrom(changed) };
  // As it is: that is refused, and every other session is ended all the same.
  const kept = await changePassword(now, NEXT_PASSWORD, NEXT_PASSWORD);
  expectProblem(kept, 400, "password_unchanged");
  expect((await eventsOf(id)).slice(2)).toEqual([event(id, "sessions_ended", { scope: "others" })]);

  const admin = await newPerson();
  const team = await newTeam({ admin, member: person });
  const seenBy = async (who: Pick<Person, "cookie">, query = "") =>
    expectOk(await as(who)(`/api/vault/events${query}`)).events;
  expect(await seenBy({ cookie: cookiesFrom(kept) })).toMatchObject([
    { action: "sessions_ended", key: null, actor: { email, is_you: true }, details: { scope: "others" } },
    { action: "password_changed", key: null, actor: { email, is_you: true }, details: null },
    { action: "confirmation_failed", key: null, actor: { email, is_you: true }, details: null },
  ]);
  expect(await seenBy(admin)).toEqual([]);
  const ofTeam: { action: string }[] = await seenBy(admin, `?team_id=${team}`);
  expect(ofTeam.filter(({ action }) => /password|sessions|confirmation/.test(action))).toEqual([]);
});

test("a password that is set by a link is one event", async () => {
  const { id, email, password } = await newPerson();
  const openLink = async () => {
    expect((await form("/api/auth/forgot-password", { email })).status).toBe(200);
    const { link } = await waitForMail(email, "Reset your password");
    return cookiesFrom(await form("/api/auth/links", Object.fromEntries(new URL(link).searchParams)));
  };
  const cookie = await openLink();
  const set = (next: string) => form("/api/auth/new-password", { email, password: next }, cookie);
  expectProblem(await set("short"), 400, "password_too_short");
  // Asking, opening the link and a refusal change nothing.
  expect(await eventsOf(id)).toEqual([]);
  expect((await set(NEXT_PASSWORD)).json).toEqual({ to: "/login?notice=password-changed" });
  expect(await eventsOf(id)).toEqual([event(id, "password_changed")]);
  expectProblem(await set("a-third-long-password"), 401, "reset_link_ended");
  expect((await form("/api/auth/sign-in", { email, password })).status).toBe(401);
  expect(await eventsOf(id)).toHaveLength(1);
});

test("sessions that are ended are an event, with which of them", async () => {
  const person = await newPerson();
  const { id } = person;
  const end = (scope: string, cookie = person.cookie) =>
    as({ cookie })(`/api/account/sessions?scope=${scope}`, { method: "DELETE" });
  expectProblem(await end("local"), 400, "invalid_request");
  expectProblem(await end("others", person.sessionCookie), 403, "confirmation_required");
  expect(await eventsOf(id)).toEqual([]);
  expectOk(await end("others"), 204);
  expect(await eventsOf(id)).toEqual([event(id, "sessions_ended", { scope: "others" })]);
  expectOk(await end("global"), 204);
  expect((await eventsOf(id)).slice(1)).toEqual([event(id, "sessions_ended", { scope: "global" })]);
  expectProblem(await end("global"), 401, "unauthenticated");
  expect(await eventsOf(id)).toHaveLength(2);
});

test("a new address is an event once the links about it were opened, and not when it is asked for", async () => {
  const person = await newPerson();
  const { id, email } = person;
  const { email: next } = newAccount();
  const ask = (address: string) => as(person)("/api/account/email", post({ email: address }));
  const taken = await newPerson();
  expectOk(await ask(taken.email), 204);
  expectProblem(await ask(email), 400, "email_address_unchanged");
  expectOk(await ask(next), 204);
  // The embedded auth server has the present address confirm it, and no other.
  const { link } = await waitForMail(email, "Confirm your new e-mail address");
  expect(await eventsOf(id)).toEqual([]);
  const opened = await form("/api/auth/links", Object.fromEntries(new URL(link).searchParams));
  expect(opened.headers.location).toBe("/login?notice=email-changed");
  expect(await eventsOf(id)).toEqual([event(id, "email_changed", { from: email, to: next })]);
  expect(await eventsOf(taken.id)).toEqual([]);
});

test("wrong passwords of somebody who is signed in are as many events as there are tries", async () => {
  const person = await newPerson();
  const confirm = (password: string) => as(person)("/api/account/confirmation", post({ password }));
  expectOk(await confirm(person.password), 204);
  expectProblem(await confirm(""), 400, "invalid_request");
  expect(await eventsOf(person.id)).toEqual([]);
  const replies = await Promise.all(Array.from({ length: 20 }, () => confirm("not-the-password")));
  expect(replies.filter(({ json }) => json.code === "wrong_password")).toHaveLength(5);
  const deletion = await as(person)(
    "/api/account/deletion",
    post({ password: "not-the-password", teams: [] }),
  );
  expectProblem(deletion, 429, "too_many_attempts");
  expect(await eventsOf(person.id)).toEqual(Array(5).fill(event(person.id, "confirmation_failed")));
});

test("an authenticator app that is set up or removed is an event, and so is a wrong code", async () => {
  const port = NO_PLATFORM_KEY_PORT;
  const account = newAccount();
  await newPerson(account);
  let cookie = cookiesFrom(await form("/api/auth/sign-in", { ...account }, "", port));
  const ask = async (path: string, sending = {}) => {
    const reply = await as({ cookie })(path, { ...sending, port });
    for (const line of reply.headers["set-cookie"] ?? []) {
      const [pair = ""] = line.split(";");
      const name = pair.slice(0, pair.indexOf("=") + 1);
      // Without a value, it is deleted: a session that grows is kept in parts.
      const kept = [...cookie.split("; ").filter((each) => !each.startsWith(name)), pair];
      cookie = kept.filter((each) => !each.endsWith("=")).join("; ");
    }
    return reply;
  };
  const { text } = await askDatabase(
    `/rest/v1/profiles?email=eq.${encodeURIComponent(account.email)}&select=user_id`,
  );
  const id: string = JSON.parse(text)[0].user_id;
  const enrol = async () => expectOk(await ask("/api/account/factors", post({})), 201);
  const remove = (factor: string) => ask(`/api/account/factors?id=${factor}`, { method: "DELETE" });

  // Begun, and given up.
  const begun = await enrol();
  expectProblem(
    await ask("/api/account/factors/verify", post({ id: begun.id, code: "12345" })),
    400,
    "code_malformed",
  );
  expectOk(await remove(begun.id), 204);
  expect(await eventsOf(id)).toEqual([]);

  const factor = await enrol();
  let step = stepNow();
  const code = () => totp(fromBase32(factor.secret), step++);
  const verify = (digits: string) =>
    ask("/api/account/factors/verify", post({ id: factor.id, code: digits }));
  const wrong = (digits: string) => String((Number(digits) + 1) % 1_000_000).padStart(6, "0");
  expectProblem(await verify(wrong(code())), 403, "wrong_code");
  expect(await eventsOf(id)).toEqual([]);
  const first = code();
  expectOk(await verify(first), 204);
  expect(await eventsOf(id)).toEqual([event(id, "factor_added")]);

  const confirm = (digits: string) =>
    ask("/api/account/confirmation", post({ password: account.password, code: digits }));
  // The one from before is no sign of somebody else.
  expectProblem(await confirm(first), 403, "wrong_code");
  expect(await eventsOf(id)).toHaveLength(1);
  expectProblem(await confirm(wrong(code())), 403, "wrong_code");
  expectOk(await confirm(code()), 204);
  expect((await eventsOf(id)).slice(1)).toEqual([event(id, "confirmation_failed")]);

  expectProblem(await remove(begun.id), 404, "second_factor_not_found");
  expectOk(await remove(factor.id), 204);
  expect((await eventsOf(id)).slice(2)).toEqual([event(id, "factor_removed")]);
});
