/**
 * A stand-in for Anthropic's API, for tests and the demo: it speaks the Messages API and asks no model, and
 * every answer says so.
 *
 * The text of the key steers it, so that a test in another process can too. A key that contains
 *
 * | word          | gets                                                                |
 * | ------------- | ------------------------------------------------------------------- |
 * | `refused`     | 401 authentication_error                                            |
 * | `nocredit`    | 402 billing_error                                                   |
 * | `nomodel`     | 404 not_found_error                                                 |
 * | `ratelimited` | 429 rate_limit_error with `retry-after: 7`                          |
 * | `overloaded`  | 529 overloaded_error with `retry-after: 3`                          |
 * | `redirected`  | 307 to another path                                                 |
 * | `hangup`      | a connection that closes without an answer                          |
 * | `silent`      | no answer at all                                                    |
 * | `slow`        | a stream of 60 pieces, one every 200 ms                             |
 * | `cut`         | a stream whose connection breaks half-way                           |
 * | `unfinished`  | a stream that ends half-way, properly closed                        |
 * | `errorevent`  | a stream that turns into an overloaded_error half-way               |
 * | `badjson`     | structured output that violates the schema                          |
 * | `misquote`    | a finding whose quote is not in the text, beside good ones          |
 * | `declined`    | an answer with the stop reason `refusal`                            |
 * | `streamless`  | one JSON message, also where a stream was asked for                 |
 * | `scripted`    | what its prompt says, byte for byte: see anthropic-standin/script.ts |
 *
 * and any other key works. One with `echo` in it is repeated in the message of every error, in its type and in the
 * request's id, as providers that mean to help do.
 *
 * LLM gateways, which speak for the API, answer in many more forms. Each has a word in one of these tables:
 *
 * - anthropic-standin/errors.ts: what comes instead of an answer (`budget-400`, `html-403`, `endless-body`, …)
 * - anthropic-standin/usage-shapes.ts: what a stream says that it used, and on which model (`start-usage-null`, …)
 * - anthropic-standin/text-shapes.ts: where its text is, and what is between (`block-text`, `thinks-first`, …)
 * - anthropic-standin/ending-shapes.ts: how it ends, or does not (`reason-max-tokens`, `left-open`, `no-stop`, …)
 * - anthropic-standin/wire-shapes.ts: how its events are written (`data-only`, `crlf`, `bytewise`, …)
 *
 * A stream's words combine, in the order of the tables. No word is part of another.
 *
 * @example node tests/support/anthropic-standin.ts --port 4010
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { ERRORS, errorAnswer } from "./anthropic-standin/errors.ts";
import { type Answer, play } from "./anthropic-standin/play.ts";
import { composeReply, MODELS, messageOf, NOTICE, promptOf } from "./anthropic-standin/reply.ts";
import { scriptedAnswer } from "./anthropic-standin/script.ts";
import { streamAnswer } from "./anthropic-standin/stream.ts";

const HOST = "127.0.0.1";
const MAX_BODY_BYTES = 32 * 1024 * 1024;
const MAX_RECORDED = 1_000;

/** What one request to the stand-in was. */
export interface RecordedRequest {
  method: string;
  path: string;
  /** From `x-api-key`, or from `Authorization: Bearer`, which newer SDKs send instead; null without either. */
  apiKey: string | null;
  /** Whether it asked for a stream. */
  stream: boolean;
  /** The parsed JSON body; null without one. */
  body: unknown;
  /** Whether the client went away before the answer was complete. */
  aborted: boolean;
  /** Whether nothing goes over its connection any more, from either side. */
  closed: boolean;
  /** Milliseconds until the answer was complete, or broken off by either side; null as long as it goes on. */
  endedAfter: number | null;
}

export interface StandInOptions {
  /** Milliseconds between the pieces of an answer; short for tests, longer for people to see it arrive. */
  pace?: number;
  /** 0, the default, takes a free one. */
  port?: number;
  /**
   * Also serves the recorded requests, **keys included**, at `GET /__requests`, those of one key where `x-api-key` says
   * so, and forgets them at `DELETE /__requests`. For tests only, so it is off unless asked for.
   */
  inspect?: boolean;
}

export interface StandIn {
  url: string;
  /** The latest 1,000 requests, oldest first. */
  requests: RecordedRequest[];
  close(): Promise<void>;
}

/** Starts the stand-in on 127.0.0.1. */
export async function startAnthropicStandIn({
  port = 0,
  inspect = false,
  pace = 15,
}: StandInOptions = {}): Promise<StandIn> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", `http://${HOST}`).pathname;
    const work =
      inspect && path === "/__requests"
        ? showRequests(request, response, requests)
        : answer(request, response, path, requests, pace);
    // Only a client that went away makes writing fail, and that is recorded already.
    work.catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, resolve);
  });
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    });
  return { url, requests, close };
}

async function showRequests(request: IncomingMessage, response: ServerResponse, requests: RecordedRequest[]) {
  // A foreign page can point its own host name at 127.0.0.1, but then the Host header tells.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? ""))
    return void response.writeHead(403).end();
  if (request.method === "DELETE") {
    requests.length = 0;
    return void response.writeHead(204).end();
  }
  const key = request.headers["x-api-key"];
  const shown = key === undefined ? requests : requests.filter(({ apiKey }) => apiKey === key);
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(shown));
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  requests: RecordedRequest[],
  pace: number,
) {
  const began = performance.now();
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const apiKey = request.headers["x-api-key"]?.toString() ?? bearer ?? null;
  const record: RecordedRequest = {
    method: request.method ?? "",
    path,
    apiKey,
    stream: false,
    body: null,
    aborted: false,
    closed: false,
    endedAfter: null,
  };
  requests.push(record);
  if (requests.length > MAX_RECORDED) requests.shift();
  let brokenByUs = false;
  const hangUp = () => {
    brokenByUs = true;
    request.socket.destroy();
  };
  response.on("close", () => {
    record.closed = true;
    record.aborted = !response.writableFinished && !brokenByUs;
    record.endedAfter = Math.round(performance.now() - began);
  });

  const echo = apiKey?.includes("echo") ? ` ${apiKey}` : "";
  const requestId = `req_simulated_${crypto.randomUUID()}${echo}`;
  response.setHeader("request-id", requestId);
  const text = await readText(request);
  const body = text === null ? null : parseObject(text);
  record.body = body;
  record.stream = body?.stream === true;
  const refuse = (status: number, type: string, message: string) =>
    jsonAnswer(status, {
      type: "error",
      error: { type, message: `${message} (${NOTICE})` },
      request_id: requestId,
    });

  const choose = (): Answer | null => {
    if (text === null) return refuse(413, "request_too_large", "The request is too large.");
    if (!apiKey) return refuse(401, "authentication_error", "x-api-key header is required");
    const error = ERRORS.find(({ word }) => apiKey.includes(word));
    if (error) return errorAnswer(error, { echo, requestId });
    if (apiKey.includes("silent")) return null;
    if (request.method === "GET" && path === "/v1/models") return jsonAnswer(200, MODELS);
    if (request.method !== "POST" || path !== "/v1/messages") {
      return refuse(404, "not_found_error", "There is nothing at this address.");
    }
    const complaint = complain(request, body);
    if (!body || complaint) return refuse(400, "invalid_request_error", complaint ?? "Not JSON.");
    if (apiKey.includes("scripted")) {
      const scripted = scriptedAnswer(promptOf(body));
      return typeof scripted === "string" ? refuse(400, "invalid_request_error", scripted) : scripted;
    }
    const reply = composeReply(body, apiKey);
    if (record.stream && !apiKey.includes("streamless")) return streamAnswer(reply, apiKey, pace);
    const content = [{ type: "text", text: reply.text, citations: null }];
    return jsonAnswer(200, messageOf(reply, content, reply.stopReason));
  };
  if (apiKey?.includes("hangup")) return hangUp();
  const chosen = choose();
  if (chosen) await play(response, chosen, hangUp);
}

/** What is wrong with a Messages request, by the API's own rules; undefined if nothing is. */
function complain(request: IncomingMessage, body: Record<string, unknown> | null): string | undefined {
  if (!request.headers["anthropic-version"]) return "anthropic-version: header is required";
  if (!body) return "The request body is not valid JSON.";
  if (typeof body.model !== "string") return "model: Field required";
  if (!Number.isInteger(body.max_tokens)) return "max_tokens: Field required";
  if (!Array.isArray(body.messages) || body.messages.length === 0)
    return "messages: at least one message is required";
  if (promptOf(body).trim() === "") return "messages: text content blocks must contain non-whitespace text";
  return undefined;
}

const jsonAnswer = (status: number, body: unknown): Answer => ({
  status,
  headers: { "Content-Type": "application/json" },
  chunks: [JSON.stringify(body)],
});

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

async function readText(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
  const { url } = await startAnthropicStandIn({ port: Number(values.port), inspect: true });
  console.log(
    `Stand-in for Anthropic's API at ${url}. It simulates: no model is asked and nothing is billed.`,
  );
}
