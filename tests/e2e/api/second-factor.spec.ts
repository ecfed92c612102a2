import { OPERATOR_EMAILS } from "../../support/app-env";
import { expect, test } from "../fixtures";
import {
  authenticator,
  type Client,
  directly,
  enrol,
  enrolled,
  sessionOf,
  signedIn,
  signedUp,
  wrongCode,
} from "../second-factors";
import { expectOk, expectProblem, newAccount, post, type Sending } from "./client";

const idOf = (client: Client): string => sessionOf(client).user.factors[0].id;

test("until the code is given, a session opens nothing", async () => {
  const { account, client: first, next } = await enrolled();
  expectOk(await first.ask("/api/vault", post({ key: "MINE", value: "value-not-real" })), 201);
  const { client, to } = await signedIn(account);
  expect(to).toBe("/login/code");
  const requests: [string, Sending?][] = [
    ["/api/vault"],
    ["/api/vault?key=MINE&reveal=true"],
    ["/api/vault", post({ key: "MINE", value: "value-not-real" })],
    ["/api/vault/events"],
    ["/api/reveal/run", post({ prompt: "Hello" })],
    ["/api/teams"],
    ["/api/webhooks"],
    ["/api/usage"],
    ["/api/account/factors", post({})],
    [`/api/account/factors?id=${idOf(first)}`, { method: "DELETE" }],
    ["/api/account/factors/verify", post({ id: idOf(first), code: next() })],
  ];
  for (const [path, sending] of requests) {
    expectProblem(await client.ask(path, sending), 401, "unauthenticated");
  }
  expect((await client.ask("/dashboard")).headers.location).toBe("/login");
  expect((await client.ask("/usage")).headers.location).toBe("/login?next=usage");
  expect((await client.ask("/login?next=usage")).headers.location).toBe("/login/code?next=usage");

  expect((await client.code(next(), { next: "usage" })).json).toEqual({ to: "/usage" });
  expect(expectOk(await client.ask("/api/vault?key=MINE&reveal=true")).value).toBe("value-not-real");
  // Somebody who is in is not asked again.
  expect((await client.ask("/login/code?next=usage")).headers.location).toBe("/usage");
});

test("the first code of an authenticator app ends the sessions that had none", async () => {
  const { account, client } = await signedUp();
  const { client: elsewhere } = await signedIn(account);
  expectOk(await elsewhere.ask("/api/vault"));
  await enrol(client);
  expectOk(await client.ask("/api/vault"));
  expectProblem(await elsewhere.ask("/api/vault"), 401, "unauthenticated");
  expect((await elsewhere.ask("/login/code")).headers.location).toBe("/login");
});

test("a code is good once, and five wrong ones are the last for a while", async () => {
  const { account, next } = await enrolled();
  const once = next();
  const { client: one } = await signedIn(account);
  const { client: other } = await signedIn(account);
  expect((await one.code(once)).json.to).toBe("/dashboard");
  const again = await other.code(once);
  // The first one's code has ended the session of the other, which had given none.
  expect(again.json.to).toBe("/login");
  const { client } = await signedIn(account);
  const refused = await client.code(once);
  expectProblem(refused, 403, "wrong_code");
  expect(refused.json.detail).toContain("already used");

  for (const text of ["", "12345", "1234567", "12 345", "abcdef", "１２３４５６", "12345６"]) {
    expectProblem(await client.code(text), 400, "code_malformed");
  }
  const wrong = wrongCode(next());
  for (let tried = 0; tried < 5; tried++) expectProblem(await client.code(wrong), 403, "wrong_code");
  expectProblem(await client.code(next()), 429, "too_many_attempts");
  const { client: elsewhere } = await signedIn(account);
  expectProblem(await elsewhere.code(next()), 429, "too_many_attempts");
});

test("one code in two requests at once is taken once", async () => {
  const { account, next } = await enrolled();
  const { client } = await signedIn(account);
  const code = next();
  const replies = await Promise.all([client.code(code), client.code(code)]);
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 403]);
});

test("a setup is one's own, is given up by the next one, and is not a second one", async () => {
  const { client } = await signedUp();
  const { client: stranger } = await signedUp();
  const begun = expectOk(await client.ask("/api/account/factors", post({})), 201);
  expect(Object.keys(begun).sort()).toEqual(["id", "qrCode", "secret"]);
  const code = authenticator(begun.secret);
  const verify = (id: string) => post({ id, code: code() });
  const notThere = [404, "second_factor_not_found"] as const;
  expectProblem(await stranger.ask("/api/account/factors/verify", verify(begun.id)), ...notThere);
  const remove = { method: "DELETE" };
  expectProblem(await stranger.ask(`/api/account/factors?id=${begun.id}`, remove), ...notThere);

  const anew = expectOk(await client.ask("/api/account/factors", post({})), 201);
  expectProblem(await client.ask("/api/account/factors/verify", verify(begun.id)), ...notThere);
  const next = authenticator(anew.secret);
  expectOk(await client.ask("/api/account/factors/verify", post({ id: anew.id, code: next() })), 204);
  expectProblem(await client.ask("/api/account/factors", post({})), 409, "second_factor_exists");
  expectProblem(
    await client.ask("/api/account/factors/verify", post({ id: anew.id, code: next() })),
    ...notThere,
  );
  expectOk(await client.ask(`/api/account/factors?id=${anew.id}`, remove), 204);
  expectProblem(await client.ask(`/api/account/factors?id=${anew.id}`, remove), ...notThere);
});

test("a session whose factor is removed needs a code of the other one", async () => {
  const { account, client, next } = await enrolled();
  const other = await directly(client, "", { factor_type: "totp", friendly_name: "Another app" });
  const otherNext = authenticator(other.totp.secret);
  const challenge = await directly(client, `/${other.id}/challenge`, {});
  await directly(client, `/${other.id}/verify`, { challenge_id: challenge.id, code: otherNext() });
  const { client: first } = await signedIn(account);
  const { client: second } = await signedIn(account);
  expect((await first.code(next())).json.to).toBe("/dashboard");
  const { client: third } = await signedIn(account);
  expect((await third.code(next())).json.to).toBe("/dashboard");
  const path = `/api/account/factors?id=${idOf(first)}`;
  expectOk(await first.ask(path, { method: "DELETE" }), 204);
  expectProblem(await first.ask("/api/vault"), 401, "unauthenticated");
  expect((await first.ask("/login")).headers.location).toBe("/login/code");
  expect((await first.code(otherNext())).json.to).toBe("/dashboard");
  expectOk(await first.ask("/api/vault"));
  // Where its token is older than that, a session is held to it when it matters.
  const rest = `/api/account/factors?id=${other.id}`;
  expectProblem(await third.ask(rest, { method: "DELETE" }), 401, "unauthenticated");
  expectProblem(await second.ask(rest, { method: "DELETE" }), 401, "unauthenticated");
  expectOk(await first.ask(rest, { method: "DELETE" }), 204);
  expectOk(await first.ask("/api/vault"));
});

test("an operator is nobody before they have given their code", async () => {
  const { account, client } = await signedUp({ ...newAccount(), email: OPERATOR_EMAILS[4] ?? "" });
  expect((await client.ask("/operator")).status).toBe(200);
  const next = await enrol(client);
  const { client: half } = await signedIn(account);
  expect((await half.ask("/operator")).status).toBe(404);
  expectProblem(await half.ask("/api/operator/usage"), 404, "address_not_found");
  await half.code(next());
  expectOk(await half.ask("/api/operator/usage"));
});
