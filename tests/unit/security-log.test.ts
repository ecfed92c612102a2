import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ACCOUNT_PROBLEMS, accountProblem } from "../../lib/auth/messages.ts";
import { OPERATOR_PROBLEMS } from "../../lib/operator/errors.ts";
import { TEAM_PROBLEMS } from "../../lib/teams/errors.ts";
import { VAULT_PROBLEMS, vaultProblem } from "../../lib/vault/errors.ts";
import { Problem } from "../../lib/vault/http/problem.ts";
import { noteRequest, noteUser } from "../../lib/vault/http/request-context.ts";
import { respond } from "../../lib/vault/http/respond.ts";
import { securityLine } from "../../lib/vault/http/security-log.ts";
import { USAGE_PROBLEMS } from "../../lib/vault-usage/errors.ts";
import { WEBHOOK_PROBLEMS } from "../../lib/webhooks/errors.ts";

const ORIGIN = "https://vault.test";
const ANN = "0a000000-0000-4000-8000-00000000000a";

let lines: string[];

beforeEach(() => {
  lines = [];
  vi.spyOn(console, "warn").mockImplementation((line) => void lines.push(line));
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.useFakeTimers();
});

afterEach(() => {
  // Until nothing is counted any more.
  vi.runAllTimers();
  vi.useRealTimers();
});

interface Sent {
  path?: string;
  method?: string;
  user?: string;
  headers?: Record<string, string>;
}

/** Answers a request with a problem, as a route does. */
const answer = (
  problem: unknown,
  { path = "/api/vault", method = "GET", user, headers = {} }: Sent = {},
): Promise<Response> =>
  respond(async () => {
    const request = new Request(`${ORIGIN}${path}`, { method, headers });
    noteRequest(request, () => ({ clientAddressHeader: "x-real-ip" }));
    if (user) noteUser(user);
    throw problem;
  });

const only = () => {
  expect(lines).toHaveLength(1);
  return securityLine.strict().parse(JSON.parse(String(lines[0])));
};

const PROBLEMS: Record<string, { status: number; detail: string; event?: "sign_in_failed" }> = {
  ...VAULT_PROBLEMS,
  ...ACCOUNT_PROBLEMS,
  ...USAGE_PROBLEMS,
  ...WEBHOOK_PROBLEMS,
  ...TEAM_PROBLEMS,
  ...OPERATOR_PROBLEMS,
};
const isRefusal = ([, { status }]: [string, { status: number }]) => [401, 403, 429].includes(status);
const listed = Object.entries(PROBLEMS);

describe("a refusal", () => {
  it.each(listed.filter(isRefusal))("%s is one line, as it was answered", async (code, spec) => {
    const reply = await answer(new Problem(code, spec));
    expect(reply.status).toBe(spec.status);
    expect(only()).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: "warning",
      event: spec.event ?? "refused",
      code,
      status: spec.status,
      method: "GET",
      route: "/api/vault",
      count: 1,
    });
  });

  it("is nothing else that a request is answered with", async () => {
    const others = listed.filter((entry) => !isRefusal(entry));
    for (const [code, spec] of others) await answer(new Problem(code, spec));
    await answer(new Error("canary"));
    expect(others.length).toBeGreaterThan(50);
    expect(lines).toEqual([]);
  });

  it("is a failed sign-in where somebody could not prove who they are", () => {
    const failed = listed.filter(([, { event }]) => event === "sign_in_failed");
    expect(failed.map(([code]) => code).sort()).toEqual([
      ...["account_blocked", "email_not_confirmed", "invalid_credentials"],
      ...["too_many_attempts", "wrong_code", "wrong_password"],
    ]);
    expect(failed.every(isRefusal)).toBe(true);
  });

  it("says who and from which network, and no address in full", async () => {
    const headers = { "X-Real-IP": "192.0.2.217", Cookie: "canary", Authorization: "Bearer canary" };
    const path = "/api/vault?key=CANARY&reveal=true#canary";
    await answer(vaultProblem("confirmation_required"), { path, user: ANN, headers });
    expect(only()).toMatchObject({ route: "/api/vault", user: ANN, client: "192.0.2.0/24" });
    expect(lines.join()).not.toMatch(/canary|217/i);
  });

  it.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
    ["[2001:db8::1]:443", "2001:db8:0::/48"],
    ["::ffff:192.0.2.7", "192.0.2.0/24"],
    ["192.0.2.1:51324", "192.0.2.0/24"],
    ["unknown", undefined],
    ['192.0.2.1","level":"error', undefined],
  ])("from %s is one from %s", async (address, client) => {
    await answer(vaultProblem("unauthenticated"), { headers: { "X-Real-IP": address } });
    expect(only().client).toBe(client);
  });

  it.each([
    [`/api/teams/${ANN}/members/${ANN}`, "/api/teams/:id/members/:id"],
    ["/api/auth/sign-in", "/api/auth/sign-in"],
    ["/api/vault/sk-ant-api03-not-real", "/api/vault/:id"],
    ["/api/vault/ANTHROPIC_API_KEY", "/api/vault/:id"],
    ["/api/vault/0123456789abcdef", "/api/vault/:id"],
    ["/api/vault/abcdefghijklmnopqrstuvwxyz", "/api/vault/:id"],
    ["/api/vault/%0A%7B%7D", "/api/vault/:id"],
    ["/api/vault/", undefined],
    [`/api${"/x".repeat(20)}`, undefined],
  ])("of %s names the address %s", async (path, route) => {
    await answer(vaultProblem("unauthenticated"), { path });
    expect(only().route).toBe(route);
  });

  it("outside of a request, or of one that nothing is known of, says what it can", async () => {
    await respond(async () => {
      throw vaultProblem("cross_origin");
    });
    expect(Object.keys(only())).toEqual(["time", "level", "event", "code", "status", "count"]);
  });

  it("says nothing of another request that is answered at the same time", async () => {
    const slowly = (user: string, path: string) =>
      respond(async () => {
        noteRequest(new Request(`${ORIGIN}${path}`), () => ({}));
        await sleep(5);
        noteUser(user);
        await sleep(5);
        throw vaultProblem("team_role_required");
      });
    const people = Array.from({ length: 20 }, (_, at) => `${ANN.slice(0, -2)}${at + 10}`);
    await Promise.all(people.map((user, at) => slowly(user, `/api/${"x".repeat(at + 1)}`)));
    const said = lines.map((line) => JSON.parse(line)).map(({ user, route }) => [user, route]);
    expect(said).toEqual(people.map((user, at) => [user, `/api/${"x".repeat(at + 1)}`]));
  });

  it("is one line for a burst of them, and its number comes within a minute", async () => {
    for (let i = 0; i < 500; i++) await answer(accountProblem("invalid_credentials"), { method: "POST" });
    expect(only().count).toBe(1);
    await answer(vaultProblem("cross_origin"), { method: "POST" });
    expect(lines).toHaveLength(2);
    vi.advanceTimersByTime(60_000);
    const said = lines.map((line) => securityLine.strict().parse(JSON.parse(line)));
    expect(said.map(({ code, count }) => [code, count])).toEqual([
      ["invalid_credentials", 1],
      ["cross_origin", 1],
      ["invalid_credentials", 499],
    ]);
  });

  it("is one line of JSON with the allowed members, whatever was sent", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom('","level":"error"', "\n{}\n", "\u2028", "../..", "sk-ant-not-real"),
    );
    const nothing = fc.constant(undefined);
    const mark = "canary9value";
    const sent = fc.record({
      url: fc.webUrl({ withQueryParameters: true, withFragments: true }),
      end: fc.oneof(nothing, text),
      method: text,
      user: fc.oneof(nothing, text, fc.uuid()),
      address: fc.oneof(nothing, text, fc.ipV4(), fc.ipV6()),
      code: fc.oneof(text, fc.constantFrom(...Object.keys(PROBLEMS))),
    });
    await fc.assert(
      fc.asyncProperty(sent, async ({ url, end = "", method, user, address, code }) => {
        lines = [];
        const full = `${url}${end}/${mark}?${mark}=${mark}`;
        if (!URL.canParse(full)) return;
        await respond(async () => {
          const headers = { get: () => address ?? null };
          noteRequest({ url: full, method, headers } as unknown as Request, () => ({
            clientAddressHeader: "x",
          }));
          if (user) noteUser(user);
          throw new Problem(code, { status: 403, detail: mark });
        });
        expect(lines).toHaveLength(/^[a-z_]{1,40}$/.test(code) ? 1 : 0);
        for (const line of lines) {
          expect(line).toMatch(/^\{[ -~]*\}$/);
          expect(line).not.toContain(mark);
          securityLine.strict().parse(JSON.parse(line));
        }
        vi.runAllTimers();
      }),
    );
  });
});
