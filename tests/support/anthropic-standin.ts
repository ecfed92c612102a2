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
 *
 * and any other key works. One with `echo` in it is repeated in the message of every error, in its type and in the
 * request's id, as providers that mean to help do.
 *
 * @example node tests/support/anthropic-standin.ts --port 4010
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const HOST = "127.0.0.1";
const NOTICE = "This is a simulation: no model was asked and nothing is billed.";
const MAX_BODY_BYTES = 32 * 1024 * 1024;
const MAX_RECORDED = 200;

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
}

export interface StandInOptions {
  /** Milliseconds between the pieces of an answer; short for tests, longer for people to see it arrive. */
  pace?: number;
  /** 0, the default, takes a free one. */
  port?: number;
  /**
   * Also serves the recorded requests, **keys included**, at `GET /__requests`, and forgets them at
   * `DELETE /__requests`. For tests only, so it is off unless asked for.
   */
  inspect?: boolean;
}

export interface StandIn {
  url: string;
  /** The latest 200 requests, oldest first. */
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
  sendJson(response, 200, requests);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  requests: RecordedRequest[],
  pace: number,
) {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const apiKey = request.headers["x-api-key"]?.toString() ?? bearer ?? null;
  const record: RecordedRequest = {
    method: request.method ?? "",
    path,
    apiKey,
    stream: false,
    body: null,
    aborted: false,
  };
  requests.push(record);
  if (requests.length > MAX_RECORDED) requests.shift();
  let brokenByUs = false;
  const hangUp = () => {
    brokenByUs = true;
    request.socket.destroy();
  };
  response.on("close", () => {
    record.aborted = !response.writableFinished && !brokenByUs;
  });
  const echo = apiKey?.includes("echo") ? ` ${apiKey}` : "";
  response.setHeader("request-id", `req_simulated_${crypto.randomUUID()}${echo}`);

  const text = await readText(request);
  if (text === null) return sendError(response, 413, "request_too_large", "The request is too large.");
  const body = parseObject(text);
  record.body = body;
  record.stream = body?.stream === true;
  if (!apiKey) return sendError(response, 401, "authentication_error", "x-api-key header is required");
  const refusal = REFUSALS.find(({ word }) => apiKey.includes(word));
  if (refusal) {
    const { status, type, message, headers } = refusal;
    return sendError(response, status, type + echo, message + echo, headers);
  }
  if (apiKey.includes("hangup")) return hangUp();
  if (apiKey.includes("silent")) return;
  if (request.method === "GET" && path === "/v1/models") return sendJson(response, 200, MODELS);
  if (request.method !== "POST" || path !== "/v1/messages") {
    return sendError(response, 404, "not_found_error", "There is nothing at this address.");
  }

  const complaint = complain(request, body);
  if (!body || complaint) return sendError(response, 400, "invalid_request_error", complaint ?? "Not JSON.");
  const reply = composeReply(body, apiKey);
  if (record.stream) return sendStream(response, reply, apiKey, hangUp, pace);
  sendJson(
    response,
    200,
    message(reply, [{ type: "text", text: reply.text, citations: null }], reply.stopReason),
  );
}

const REFUSALS: {
  word: string;
  status: number;
  type: string;
  message: string;
  headers?: Record<string, string>;
}[] = [
  { word: "refused", status: 401, type: "authentication_error", message: "invalid x-api-key" },
  { word: "nocredit", status: 402, type: "billing_error", message: "There is no credit left." },
  { word: "nomodel", status: 404, type: "not_found_error", message: "model: no such model" },
  {
    word: "ratelimited",
    status: 429,
    type: "rate_limit_error",
    message: "The rate limit is reached.",
    headers: { "retry-after": "7" },
  },
  {
    word: "overloaded",
    status: 529,
    type: "overloaded_error",
    message: "Overloaded",
    headers: { "retry-after": "3" },
  },
  {
    word: "redirected",
    status: 307,
    type: "api_error",
    message: "Elsewhere.",
    headers: { location: "/elsewhere" },
  },
];

const MODELS = {
  data: [
    {
      type: "model",
      id: "claude-simulated",
      display_name: `Simulated model. ${NOTICE}`,
      created_at: "2026-01-01T00:00:00Z",
      lifecycle: "active",
      line: null,
      capabilities: null,
      max_input_tokens: null,
      max_tokens: null,
      deprecated_at: null,
      retires_at: null,
    },
  ],
  has_more: false,
  first_id: "claude-simulated",
  last_id: "claude-simulated",
};

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

interface Reply {
  text: string;
  model: string;
  inputTokens: number;
  stopReason: "end_turn" | "refusal";
}

function composeReply(body: Record<string, unknown>, apiKey: string): Reply {
  const prompt = promptOf(body);
  const format = (body.output_config as { format?: { type?: unknown } } | undefined)?.format;
  const words = prompt.trim().split(/\s+/).slice(0, 6).join(" ").slice(0, 80);
  let text = `${NOTICE} You wrote: “${words}…” A model's answer would stand here and arrive in pieces, as this one does.`;
  if (format?.type === "json_schema") text = JSON.stringify(analysisOf(prompt, apiKey));
  if (apiKey.includes("slow")) text = `${NOTICE} ${"And so on. ".repeat(60)}`;
  const stopReason = apiKey.includes("declined") ? "refusal" : "end_turn";
  return { text, model: String(body.model), inputTokens: tokens(prompt), stopReason };
}

/** An analysis in the form that Reveal asks for, whose quotes really stand in the text. */
function analysisOf(text: string, apiKey: string) {
  if (apiKey.includes("badjson")) return { title: NOTICE, findings: "none" };
  const quotes = text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim().slice(0, 200))
    .filter(Boolean)
    .slice(0, 3);
  if (apiKey.includes("misquote")) quotes.push("Nobody ever wrote this sentence into that text.");
  return {
    title: "Simulated analysis",
    summary: `${NOTICE} The text has ${text.length} characters.`,
    findings: quotes.map((quote, index) => ({
      title: `Simulated finding ${index + 1}`,
      explanation: `${NOTICE} A model would say here what is remarkable about this passage.`,
      quote,
    })),
    open_questions: [`What would a model ask here? (${NOTICE})`],
  };
}

/** Sends the events in the order of https://docs.anthropic.com/en/docs/build-with-claude/streaming */
async function sendStream(
  response: ServerResponse,
  reply: Reply,
  apiKey: string,
  hangUp: () => void,
  pace: number,
) {
  const isSlow = apiKey.includes("slow");
  const pieces = split(reply.text, isSlow ? 60 : 20);
  const send = (type: string, data: object = {}) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache",
  });
  send("message_start", { message: message(reply, [], null) });
  send("content_block_start", { index: 0, content_block: { type: "text", text: "", citations: null } });
  send("ping");
  for (const [index, text] of pieces.entries()) {
    await sleep(isSlow ? 200 : pace);
    if (response.destroyed) return;
    if (index >= pieces.length / 2) {
      if (apiKey.includes("cut")) return hangUp();
      if (apiKey.includes("unfinished")) return void response.end();
      if (apiKey.includes("errorevent")) {
        const echo = apiKey.includes("echo") ? ` ${apiKey}` : "";
        send("error", {
          error: { type: "overloaded_error", message: `Overloaded${echo}` },
          request_id: null,
        });
        return void response.end();
      }
    }
    send("content_block_delta", { index: 0, delta: { type: "text_delta", text } });
  }
  send("content_block_stop", { index: 0 });
  send("message_delta", {
    delta: { stop_reason: reply.stopReason, stop_sequence: null, stop_details: null, container: null },
    usage: { ...usage(reply, tokens(reply.text)) },
  });
  send("message_stop");
  response.end();
}

function message(reply: Reply, content: object[], stopReason: string | null) {
  return {
    id: `msg_simulated_${crypto.randomUUID()}`,
    type: "message",
    role: "assistant",
    model: reply.model,
    content,
    container: null,
    diagnostics: null,
    stop_details: null,
    stop_reason: stopReason,
    stop_sequence: null,
    usage: usage(reply, stopReason === null ? 1 : tokens(reply.text)),
  };
}

const usage = (reply: Reply, outputTokens: number) => ({
  input_tokens: reply.inputTokens,
  output_tokens: outputTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
});

/** Invented, as everything here is: about four characters a token. */
const tokens = (text: string) => Math.ceil(text.length / 4);

/** The text of the last message. */
function promptOf(body: Record<string, unknown>): string {
  const last = (body.messages as { content?: unknown }[]).at(-1)?.content;
  if (typeof last === "string") return last;
  if (!Array.isArray(last)) return "";
  return last
    .map((block: { text?: unknown }) => (typeof block.text === "string" ? block.text : ""))
    .join("\n");
}

/** Cuts a text into `count` pieces of about equal length, never inside a character. */
function split(text: string, count: number): string[] {
  const characters = [...text];
  const size = Math.max(1, Math.ceil(characters.length / count));
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += size) pieces.push(characters.slice(at, at + size).join(""));
  return pieces;
}

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

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
}

function sendError(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Record<string, string> = {},
) {
  const error = { type, message: `${text} (${NOTICE})` };
  sendJson(response, status, { type: "error", error, request_id: response.getHeader("request-id") }, headers);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
  const { url } = await startAnthropicStandIn({ port: Number(values.port), inspect: true });
  console.log(
    `Stand-in for Anthropic's API at ${url}. It simulates: no model is asked and nothing is billed.`,
  );
}
