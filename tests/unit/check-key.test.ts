import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { checkKey } from "../../lib/vault/check/check-key.ts";
import { PROVIDERS } from "../../lib/vault/check/providers.ts";
import { startAnthropicStandIn } from "../support/anthropic-standin.ts";
import { eventually } from "../support/eventually.ts";
import { PATIENCE_MS } from "../support/patience.ts";

// A real server stands in for every provider, and only the address is replaced on the way: what arrives, and
// what the client makes of redirects, long bodies and broken connections, is as it would be.

const VALUE = "test-key-0123456789abcdef";
/** No facts. */
const NOTHING = { facts: {}, expiresAt: null };
const BEARER = { authorization: `Bearer ${VALUE}` };

interface Arrived {
  /** Where it was meant to go. */
  url: string;
  method: string | undefined;
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

let arrived: Arrived[] = [];
let meantFor: string[] = [];
let closed = 0;
let answer: RequestListener = () => {};
let printed = "";
const server = createServer(async (request, response) => {
  response.on("close", () => {
    closed += 1;
  });
  let body = "";
  for await (const chunk of request) body += chunk;
  const { method, url: path, headers } = request;
  arrived.push({ url: String(meantFor.at(-1)), method, path, headers, body });
  answer(request, response);
});
let origin = "";

/** `fetch` to the stand-in instead of the provider. */
const reroute: typeof fetch = (input, init) => {
  const url = new URL(String(input));
  meantFor.push(url.href);
  return fetch(origin + url.pathname + url.search, init);
};
const ask = (key: string, timeout = 300_000) => checkKey(key, VALUE, { fetch: reroute, timeout });

const json =
  (status: number, body: unknown): RequestListener =>
  (_, response) => {
    response
      .writeHead(status, { "Content-Type": "application/json; charset=utf-8" })
      .end(JSON.stringify(body));
  };
const page =
  (status: number): RequestListener =>
  (_, response) => {
    response.writeHead(status, { "Content-Type": "text/html" }).end("<h1>Not an API</h1>");
  };

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  arrived = [];
  meantFor = [];
  closed = 0;
  printed = "";
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:9");
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "publishable");
  vi.stubEnv("SUPABASE_SECRET_KEY", "sb_secret_of_the_environment");
  vi.stubEnv("VAULT_MASTER_KEY", "f".repeat(64));
  for (const { key } of PROVIDERS) vi.stubEnv(key, "key-of-the-environment");
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...args) => {
      printed += inspect(args, { depth: null });
    });
  }
});
afterEach(() => {
  expect(printed, "Nothing is logged").toBe("");
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("what a provider is asked", () => {
  const version = { "anthropic-version": "2023-06-01" };
  const requests: [string, string, Record<string, string>][] = [
    ["ANTHROPIC_API_KEY", "https://api.anthropic.com/v1/models?limit=1", { "x-api-key": VALUE, ...version }],
    ["OPENAI_API_KEY", "https://api.openai.com/v1/models", BEARER],
    [
      "GEMINI_API_KEY",
      "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1",
      { "x-goog-api-key": VALUE },
    ],
    ["MISTRAL_API_KEY", "https://api.mistral.ai/v1/models", BEARER],
    ["GROQ_API_KEY", "https://api.groq.com/openai/v1/models", BEARER],
    ["OPENROUTER_API_KEY", "https://openrouter.ai/api/v1/key", BEARER],
    ["DEEPSEEK_API_KEY", "https://api.deepseek.com/user/balance", BEARER],
    ["HF_TOKEN", "https://huggingface.co/api/whoami-v2", BEARER],
    ["XAI_API_KEY", "https://api.x.ai/v1/api-key", BEARER],
    ["REPLICATE_API_TOKEN", "https://api.replicate.com/v1/account", BEARER],
    ["AI_GATEWAY_API_KEY", "https://ai-gateway.vercel.sh/v1/credits", BEARER],
    ["CLOUDFLARE_API_TOKEN", "https://api.cloudflare.com/client/v4/user/tokens/verify", BEARER],
    [
      "GITHUB_TOKEN",
      "https://api.github.com/user",
      { ...BEARER, accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
    ],
    ["STRIPE_SECRET_KEY", "https://api.stripe.com/v1/balance", BEARER],
    ["VERCEL_TOKEN", "https://api.vercel.com/v2/user", BEARER],
    ["NETLIFY_AUTH_TOKEN", "https://api.netlify.com/api/v1/user", BEARER],
    ["RESEND_API_KEY", "https://api.resend.com/domains", BEARER],
    ["SENDGRID_API_KEY", "https://api.sendgrid.com/v3/scopes", BEARER],
    ["POSTMARK_SERVER_TOKEN", "https://api.postmarkapp.com/server", { "x-postmark-server-token": VALUE }],
    ["SLACK_BOT_TOKEN", "https://slack.com/api/auth.test", { ...BEARER, "content-length": "0" }],
    ["SLACK_USER_TOKEN", "https://slack.com/api/auth.test", { ...BEARER, "content-length": "0" }],
    ["NOTION_API_KEY", "https://api.notion.com/v1/users/me", { ...BEARER, "notion-version": "2022-06-28" }],
  ];

  it("is known here for each of them", () => {
    expect(requests.map(([key]) => key)).toEqual(PROVIDERS.map(({ key }) => key));
  });

  it.each(requests)(
    "%s: its own address and this key, and nothing else of ours",
    async (key, url, headers) => {
      answer = json(200, { ok: true, result: { status: "active" } });
      expect(await ask(key)).toMatchObject({ result: "works" });
      expect(arrived).toHaveLength(1);
      const [request] = arrived;
      expect(request).toMatchObject({ url, body: "", method: key.startsWith("SLACK_") ? "POST" : "GET" });
      const { pathname, search } = new URL(url);
      expect(request?.path).toBe(pathname + search);
      // All that arrives: what fetch adds to any request, our name, and what stands above.
      expect(request?.headers).toEqual({
        host: new URL(origin).host,
        connection: "keep-alive",
        accept: "application/json",
        "accept-language": "*",
        "accept-encoding": expect.any(String),
        "sec-fetch-mode": "cors",
        "cache-control": "no-cache",
        pragma: "no-cache",
        "user-agent": "command-center",
        ...headers,
      });
      expect(JSON.stringify(arrived)).not.toMatch(/of-the-environment|of_the_environment|f{64}/);
    },
  );

  it("goes where the operator sends Reveal, for Anthropic", async () => {
    const standIn = await startAnthropicStandIn();
    vi.stubEnv("ANTHROPIC_BASE_URL", `${standIn.url}/`);
    vi.resetModules();
    const { checkKey: fresh } = await import("../../lib/vault/check/check-key.ts");
    const results: Record<string, string> = {};
    for (const word of ["works", "refused", "nocredit", "ratelimited", "overloaded", "hangup", "silent"]) {
      const timeout = word === "silent" ? 500 : PATIENCE_MS;
      results[word] = (await fresh("ANTHROPIC_API_KEY", `sk-${word}`, { timeout })).result;
    }
    expect(results).toEqual({
      works: "works",
      refused: "refused",
      nocredit: "no_credit",
      ratelimited: "unreachable",
      overloaded: "unreachable",
      hangup: "unreachable",
      silent: "unreachable",
    });
    expect(standIn.requests[0]).toMatchObject({
      method: "GET",
      path: "/v1/models",
      apiKey: "sk-works",
      body: null,
    });
    expect(standIn.requests).toHaveLength(7);
    await standIn.close();
  });

  it("is nothing if the key cannot be a header, which is refused without being quoted", async () => {
    for (const value of ["two\nlines", "кириллица", "nul\0", "with space", ""]) {
      const check = await checkKey("GEMINI_API_KEY", value, { fetch: reroute });
      expect(check).toEqual({
        result: "refused",
        detail: "This isn't a key from Google Gemini: it contains characters that no key has.",
        ...NOTHING,
      });
    }
    expect(meantFor).toEqual([]);
  });

  it("is a programming error for a key without a provider", async () => {
    await expect(ask("DATABASE_URL")).rejects.toThrow(TypeError);
  });
});

const unclear = (name: string) =>
  `${name} responded, but didn't say whether it accepts this key. Try again later, or check the key at ${name}.`;

describe("what every provider's answer means", () => {
  const all = PROVIDERS.map(({ key, name }) => ({ key, name }));

  it.each(all)("$name: a status alone refuses nothing, from a page or in JSON", async ({ key, name }) => {
    for (const status of [400, 401, 403, 404, 418, 498]) {
      for (const body of [
        page(status),
        json(status, null),
        json(status, { error: "login required" }),
        json(status, { error: { message: "Forbidden by your network's proxy", code: "proxy_denied" } }),
      ]) {
        answer = body;
        expect(await ask(key)).toEqual({ result: "unreachable", detail: unclear(name), ...NOTHING });
      }
    }
  });

  it.each(all)("$name: being asked too often leaves it open", async ({ key, name }) => {
    answer = json(429, { error: { code: "rate_limit_exceeded" } });
    expect(await ask(key)).toEqual({
      result: "unreachable",
      detail: `${name} is limiting requests right now, so this key couldn't be checked. Try again in a few minutes.`,
      ...NOTHING,
    });
  });

  it.each(all)("$name: a failure of its own leaves it open", async ({ key, name }) => {
    answer = json(503, { error: { code: "unavailable" } });
    expect(await ask(key)).toEqual({
      result: "unreachable",
      detail: `${name} is having problems right now, so this key couldn't be checked. Try again later.`,
      ...NOTHING,
    });
  });

  it.each(all)("$name: a page instead of an API leaves it open", async ({ key, name }) => {
    for (const status of [200, 404]) {
      answer = page(status);
      expect(await ask(key)).toEqual({
        result: "unreachable",
        detail: unclear(name),
        ...NOTHING,
      });
    }
  });

  it.each(all)("$name: a redirect is not followed", async ({ key, name }) => {
    answer = (request, response) => {
      if (request.url === "/elsewhere") return json(200, { ok: true })(request, response);
      response.writeHead(307, { Location: "/elsewhere" }).end();
    };
    expect(await ask(key)).toEqual({
      result: "unreachable",
      detail: `${name} can't be reached, so this key couldn't be checked. Try again later.`,
      ...NOTHING,
    });
    expect(arrived.map(({ path }) => path)).not.toContain("/elsewhere");
  });

  it.each(all)("$name: a connection that is closed leaves it open", async ({ key, name }) => {
    answer = (request) => request.socket.destroy();
    expect(await ask(key)).toMatchObject({
      result: "unreachable",
      detail: expect.stringContaining(`${name} can't`),
    });
  });

  it.each(all)("$name: silence ends, and so does the connection", async ({ key, name }) => {
    const late = new AbortController();
    answer = () => late.abort(new DOMException("late", "TimeoutError"));
    const deadlines = vi.spyOn(AbortSignal, "timeout").mockReturnValue(late.signal);
    onTestFinished(() => deadlines.mockRestore());
    expect(await ask(key, 100)).toEqual({
      result: "unreachable",
      detail: `${name} didn't respond in time, so this key couldn't be checked. Try again later.`,
      ...NOTHING,
    });
    expect(deadlines.mock.calls).toEqual([[100]]);
    await eventually(() => expect(closed).toBe(1));
  });

  it.each(all)("$name: a refusal whose text never ends is cut off", async ({ key }) => {
    answer = (_, response) => {
      response.writeHead(403, { "Content-Type": "application/json" });
      const flood = () => {
        while (!response.destroyed && response.write(" ".repeat(16_384)));
      };
      response.on("drain", flood);
      flood();
    };
    expect(await ask(key)).toMatchObject({ result: "unreachable" });
    await eventually(() => expect(closed).toBe(1));
  });

  it("the time is for the text as well", async () => {
    answer = (_, response) => {
      response.writeHead(403, { "Content-Type": "application/json" }).write('{"error":');
    };
    expect(await ask("OPENAI_API_KEY", 200)).toMatchObject({
      result: "unreachable",
      detail: expect.stringContaining("in time"),
    });
  });

  it("a list is not read, however long, and its connection ends", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/json" }).write("[");
    };
    expect(await ask("OPENAI_API_KEY")).toMatchObject({ result: "works" });
    await eventually(() => expect(closed).toBe(1));
  });

  it("a place that the law closes leaves it open", async () => {
    answer = page(451);
    expect((await ask("MISTRAL_API_KEY")).detail).toContain("network or region");
  });

  it("no credit takes the API's own answer", async () => {
    answer = json(402, { detail: "Payment required" });
    expect(await ask("MISTRAL_API_KEY")).toMatchObject({ result: "no_credit" });
    answer = page(402);
    expect(await ask("MISTRAL_API_KEY")).toMatchObject({ result: "unreachable" });
  });

  it("no answer brings the key into the sentence", async () => {
    answer = (request, response) => {
      json(401, { error: { message: `Bad key ${request.headers.authorization}` } })(request, response);
    };
    for (const { key } of PROVIDERS) expect((await ask(key)).detail).not.toContain(VALUE.slice(0, 8));
  });
});

describe("where a provider has rules of its own", () => {
  it("Cloudflare's refusal counts for tokens that say that they are a person's", async () => {
    answer = json(401, { success: false, errors: [{ code: 1000, message: "Invalid API Token" }] });
    const result = async (value: string) =>
      (await checkKey("CLOUDFLARE_API_TOKEN", value, { fetch: reroute })).result;
    expect(await result("cfut_0123456789")).toBe("refused");
    expect(await result("cfat_0123456789")).toBe("unreachable");
    expect(await result("0123456789")).toBe("unreachable");
  });

  it("SendGrid is asked in its other region before a key counts as refused", async () => {
    const refusal = {
      errors: [{ message: "The provided authorization grant is invalid, expired, or revoked", field: null }],
    };
    const european: RequestListener = (request, response) =>
      (meantFor.length === 2 ? json(200, { scopes: [] }) : json(401, refusal))(request, response);
    answer = european;
    expect(await ask("SENDGRID_API_KEY")).toMatchObject({ result: "works" });
    expect(meantFor).toEqual(["https://api.sendgrid.com/v3/scopes", "https://api.eu.sendgrid.com/v3/scopes"]);
    answer = json(401, refusal);
    expect(await ask("SENDGRID_API_KEY")).toMatchObject({ result: "refused" });
    expect(meantFor).toHaveLength(4);
    answer = json(403, { errors: [{ message: "access forbidden" }] });
    expect(await ask("SENDGRID_API_KEY")).toMatchObject({ result: "unreachable" });
    expect(meantFor).toHaveLength(5);
  });
});
