import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { ACCOUNT_PROBLEMS } from "../../lib/auth/messages.ts";
import { OPERATOR_PROBLEMS } from "../../lib/operator/errors.ts";
import { TEAM_PROBLEMS } from "../../lib/teams/errors.ts";
import { VAULT_PROBLEMS, vaultProblem } from "../../lib/vault/errors.ts";
import { logLine, logProblem } from "../../lib/vault/http/log.ts";
import { Problem } from "../../lib/vault/http/problem.ts";
import { check, json, methodNotAllowed, noContent, respond } from "../../lib/vault/http/respond.ts";
import { KEY_NAME_RULE } from "../../lib/vault/rules.ts";
import { setSecretBody } from "../../lib/vault/schema.ts";
import { USAGE_PROBLEMS } from "../../lib/vault-usage/errors.ts";
import { WEBHOOK_PROBLEMS } from "../../lib/webhooks/errors.ts";

describe("the closed lists of errors", () => {
  const lists = [
    VAULT_PROBLEMS,
    ACCOUNT_PROBLEMS,
    USAGE_PROBLEMS,
    WEBHOOK_PROBLEMS,
    TEAM_PROBLEMS,
    OPERATOR_PROBLEMS,
  ];
  const codes = lists.flatMap((list) => Object.entries<{ status: number; detail: string }>(list));
  const docs = readFileSync("docs/errors.md", "utf8");

  it("use each code once", () => {
    expect(new Set(codes.map(([code]) => code)).size).toBe(codes.length);
  });

  it("have exactly the sections of docs/errors.md, with the same status", () => {
    const sections = [...docs.matchAll(/^### (\w+)\n+Status (\d{3})\./gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    expect(sections.sort()).toEqual(codes.map(([code, { status }]) => [code, status]).sort());
  });

  it("say what happened in sentences", () => {
    for (const [code, { detail }] of codes) expect(detail, code).toMatch(/^[A-Z][^\n]*\.$/);
  });
});

describe("a Problem in a log", () => {
  it("shows nothing of its cause, whose message may quote anything", () => {
    const problem = vaultProblem("vault_unavailable", { cause: new Error("canary") });
    const logged = inspect(problem, { depth: null, showHidden: true });
    expect(logged).toContain("vault_unavailable");
    expect(logged).not.toContain("canary");
    expect(problem.name).toBe("Problem");
    expect(Object.hasOwn(vaultProblem("vault_unavailable"), "cause")).toBe(false);
  });
});

/** What is written to the server's output meanwhile. */
const quiet = () =>
  vi
    .spyOn(console, "error")
    .mockReset()
    .mockImplementation(() => {});

describe("a log line", () => {
  const written = (cause: unknown, code = "internal") => {
    const log = quiet();
    logProblem(new Problem(code, { status: 500, detail: "A sentence." }, { cause }));
    expect(log).toHaveBeenCalledOnce();
    expect(log.mock.calls[0]).toEqual([expect.not.stringContaining("\n")]);
    return JSON.parse(String(log.mock.calls[0]?.[0]));
  };
  const LINE = { time: expect.any(String), level: "error", code: "internal", status: 500 };
  const problems = {
    ...VAULT_PROBLEMS,
    ...ACCOUNT_PROBLEMS,
    ...USAGE_PROBLEMS,
    ...WEBHOOK_PROBLEMS,
    ...TEAM_PROBLEMS,
    ...OPERATOR_PROBLEMS,
  };

  it.each(Object.keys(problems))("can say %s, and has no other members than the allowed ones", (code) => {
    const cause = Object.assign(new Error("canary"), { name: "PostgrestError", code: "57014", details: "x" });
    const line = written(cause, code);
    expect(logLine.strict().parse(line)).toEqual({
      ...LINE,
      code,
      cause: "PostgrestError",
      cause_code: "57014",
    });
  });

  it.each([
    ["a status", { name: "AuthApiError", status: 503 }, { cause: "AuthApiError", cause_code: 503 }],
    [
      "Supabase Auth's code",
      { name: "AuthApiError", code: "bad_jwt" },
      { cause: "AuthApiError", cause_code: "bad_jwt" },
    ],
    [
      "both a code and a status",
      { name: "AuthApiError", code: "conflict", status: 409 },
      { cause: "AuthApiError", cause_code: "conflict", cause_status: 409 },
    ],
    ["a Node code", { name: "Error", code: "ECONNREFUSED" }, { cause: "Error", cause_code: "ECONNREFUSED" }],
    [
      "PostgREST's code",
      { name: "PostgrestError", code: "PGRST116" },
      { cause: "PostgrestError", cause_code: "PGRST116" },
    ],
    ["no status", { name: "AuthRetryableFetchError", status: 0 }, { cause: "AuthRetryableFetchError" }],
    [
      "a provider's status, which is nothing about Supabase",
      { name: "AuthenticationError", status: 401 },
      { cause: "AuthenticationError", cause_code: 401 },
    ],
    ["nothing", undefined, {}],
    ["null", null, {}],
    ["a text", "canary", {}],
  ])("says %s of the cause", (_, cause, expected) => {
    expect(written(cause)).toEqual({ ...LINE, ...expected });
  });

  it.each([
    "sk-ant-api03-not-real",
    "sk-proj-abc_DEF",
    "AKIAIOSFODNN7EXAMPLE",
    "0123456789abcdef0123456789abcdef",
    "line\nbreak",
    "x".repeat(41),
    { nested: "canary" },
    ["canary"],
  ])("leaves out %j, wherever the cause has it", (text) => {
    const cause = { name: text, code: text, status: text, message: text, stack: text, cause: text };
    expect(written(cause)).toEqual(LINE);
  });
});

it.each(["internal!", "!internal", "sk-ant-api03-x"])("no log line has the code %s", (code) => {
  const line = { time: new Date().toISOString(), level: "error", code, status: 500 };
  expect(logLine.safeParse({ ...line, code: "internal" }).success).toBe(true);
  expect(logLine.safeParse(line).success).toBe(false);
});

describe("respond", () => {
  it("turns a listed error into its problem reply", async () => {
    const reply = await respond(async () => {
      throw vaultProblem("secret_not_found");
    });
    expect(reply.status).toBe(404);
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
    expect(reply.headers.get("cache-control")).toBe("private, no-store");
    expect(await reply.json()).toEqual({
      type: "urn:credential-vault:problem:secret_not_found",
      title: "Not Found",
      status: 404,
      code: "secret_not_found",
      detail: VAULT_PROBLEMS.secret_not_found.detail,
    });
  });

  it("says nothing of an unexpected error, in the reply or in the log", async () => {
    const log = quiet();
    const secret = "sk-ant-test-in-an-error-message";
    const reply = await respond(async () => {
      throw Object.assign(new TypeError(`Invalid header ${secret}`), { code: { nested: secret } });
    });
    expect(reply.status).toBe(500);
    expect(await reply.text()).not.toContain(secret);
    expect(log).toHaveBeenCalledOnce();
    expect(String(log.mock.calls[0])).not.toContain(secret);
    expect(JSON.parse(String(log.mock.calls[0]?.[0]))).toMatchObject({
      code: "internal",
      cause: "TypeError",
    });
  });

  it("leaves the operator a line for what is the server's fault, and for nothing else", async () => {
    const log = quiet();
    await respond(async () => {
      throw vaultProblem("secret_changed");
    });
    expect(log).not.toHaveBeenCalled();
    await respond(async () => {
      throw vaultProblem("secret_unreadable");
    });
    expect(log).toHaveBeenCalledOnce();
  });

  it("passes a reply through, and says whose key it was", async () => {
    const reply = new Response("mine");
    expect(await respond(async () => reply)).toBe(reply);
    const problem = new Problem("busy", { status: 429, detail: "Busy." }, { source: "team" });
    const refused = await respond(async () => {
      throw problem;
    });
    expect(await refused.json()).toMatchObject({ code: "busy", source: "team" });
    expect(refused.headers.get("retry-after")).toBeNull();
  });

  it("passes on how long to wait", async () => {
    const problem = new Problem("busy", { status: 429, detail: "Busy." }, { retryAfter: 7 });
    const reply = await respond(async () => {
      throw problem;
    });
    expect(reply.headers.get("retry-after")).toBe("7");
  });
});

describe("replies", () => {
  it("are kept by nobody on their way", async () => {
    for (const reply of [json({}), json({}, 201), noContent(), methodNotAllowed("GET")]) {
      expect(reply.headers.get("cache-control")).toBe("private, no-store");
    }
    const created = json({ a: 1 }, 201);
    expect([created.status, await created.json()]).toEqual([201, { a: 1 }]);
    expect(json({}).status).toBe(200);
    expect([noContent().status, await noContent().text()]).toEqual([204, ""]);
    const refused = methodNotAllowed("GET, POST");
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, POST"]);
    expect(await refused.json()).toMatchObject({
      detail: "This address accepts GET, POST, and no other method.",
    });
  });
});

describe("check", () => {
  const complaint = (input: unknown) => {
    try {
      return check(setSecretBody, input);
    } catch (error) {
      return error;
    }
  };

  it("gives what fits", () => {
    expect(check(setSecretBody, { key: "A_KEY", value: "v" })).toMatchObject({ key: "A_KEY", value: "v" });
  });

  it.each([null, undefined, "text", 7, [], true])("says that %j is no object", (input) => {
    expect(complaint(input)).toMatchObject({
      code: "invalid_request",
      message: "The body isn't a JSON object.",
    });
  });

  it("does not repeat an unknown member's name, and says what is wrong with a known one", () => {
    expect(complaint({ key: "A_KEY", value: "v", "sk-test-canary": 1 })).toMatchObject({
      code: "invalid_request",
      message: "There's an unknown parameter or member.",
    });
    expect(complaint({ key: "bad key", value: "v" })).toMatchObject({
      message: KEY_NAME_RULE,
    });
    expect(complaint({ key: "A_KEY", value: 7 })).toMatchObject({ message: "The value is text." });
  });
});
