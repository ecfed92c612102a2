/**
 * A stand-in for OpenAI's API, for tests: it speaks Chat Completions and Responses, asks no model, and every answer says so.
 *
 * The text of the key steers it, as with tests/support/anthropic-standin.ts. A key that contains
 *
 * | word          | gets                                                                       |
 * | ------------- | -------------------------------------------------------------------------- |
 * | `refused`     | 401 invalid_api_key, whose message repeats the key                         |
 * | `noquota`     | 429 insufficient_quota                                                     |
 * | `ratelimited` | 429 rate_limit_exceeded with `retry-after: 7`                              |
 * | `silent`      | no answer at all                                                           |
 * | `slow`        | a stream of 60 pieces, one every 100 ms                                    |
 * | `cut`         | a stream whose connection breaks half-way                                  |
 * | `errorevent`  | a stream that turns into a server_error half-way                           |
 * | `failed`      | a response of the status `failed`                                          |
 *
 * and any other key works. A token is four bytes of text, and half of what is sent is read from a cache where the key has
 * `cached` in it.
 *
 * Sources: https://platform.openai.com/docs/api-reference/chat, …/chat-streaming, …/responses, …/responses-streaming, and
 * https://platform.openai.com/docs/guides/error-codes.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { NOTICE } from "./anthropic-standin/reply.ts";

/** What one request to the stand-in was. */
export interface OpenAIRequest {
  path: string;
  /** From `Authorization: Bearer`; null without it. */
  apiKey: string | null;
  body: Body;
  /** Whether the client went away before the answer was complete. */
  aborted: boolean;
}

interface Body {
  model?: string;
  stream?: boolean;
  /** Of Chat Completions. */
  messages?: unknown[];
  max_completion_tokens?: number;
  stream_options?: { include_usage?: boolean };
  /** Of Responses. */
  input?: unknown;
  max_output_tokens?: number;
}

/** What an answer has, in either of the two forms. */
interface Answer {
  /** As OpenAI does, with the date of the model's version. */
  model: string;
  text: string;
  isCut: boolean;
  sent: number;
  cached: number;
  written: number;
}

const HOST = "127.0.0.1";
const MODEL_DATE = "2026-08-20";
const BYTES_PER_TOKEN = 4;
const tokensOf = (text: string) => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);

/** Starts the stand-in on 127.0.0.1; `url` is what a client has as its base address. */
export async function startOpenAIStandIn({ port = 0 } = {}) {
  const requests: OpenAIRequest[] = [];
  const server = createServer((request, response) => {
    // Only a client that went away makes writing fail, and that is recorded already.
    answer(request, response, requests).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, resolve);
  });
  const close = () =>
    new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    });
  return { url: `http://${HOST}:${(server.address() as AddressInfo).port}/v1`, requests, close };
}

async function answer(request: IncomingMessage, response: ServerResponse, requests: OpenAIRequest[]) {
  const apiKey = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? null;
  const record: OpenAIRequest = { path: request.url ?? "", apiKey, body: {}, aborted: false };
  requests.push(record);
  let isBrokenByUs = false;
  response.on("close", () => {
    record.aborted = !response.writableFinished && !isBrokenByUs;
  });
  const send = (status: number, body: object, headers: Record<string, string> = {}) =>
    void response
      .writeHead(status, { "Content-Type": "application/json", ...headers })
      .end(JSON.stringify(body));
  const refuse = (status: number, code: string, message: string, headers?: Record<string, string>) =>
    send(status, errorOf(code, message), headers);

  record.body = (await json(request).catch(() => ({}))) as Body;
  const { body } = record;
  const key = apiKey ?? "refused";
  if (key.includes("refused")) return refuse(401, "invalid_api_key", `Incorrect API key provided: ${key}.`);
  if (key.includes("noquota")) return refuse(429, "insufficient_quota", "You exceeded your current quota.");
  if (key.includes("ratelimited"))
    return refuse(429, "rate_limit_exceeded", "Rate limit reached.", { "retry-after": "7" });
  if (key.includes("silent")) return;
  const form = FORMS[record.path];
  if (request.method !== "POST" || !form)
    return refuse(404, "not_found", "There is nothing at this address.");
  if (typeof body.model !== "string" || !(body.messages ?? body.input))
    return refuse(400, "missing_required_parameter", "Missing required parameter.");
  const reply = compose(body, key);
  if (!body.stream) return send(200, form.whole(reply, key.includes("failed")));
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  for (const [index, event] of form.events(reply, body, key.includes("failed")).entries()) {
    if (index === 5 && key.includes("cut")) {
      isBrokenByUs = true;
      return void request.socket.destroy();
    }
    if (index === 5 && key.includes("errorevent"))
      return void response.end(eventOf(form.error("server_error", "The server had an error.")));
    response.write(eventOf(event));
    await sleep(key.includes("slow") ? 100 : 1);
    if (response.destroyed) return;
  }
  response.end(form.isEnded ? "data: [DONE]\n\n" : "");
}

const errorOf = (code: string, message: string) => ({
  error: { message: `${message} (${NOTICE})`, type: "invalid_request_error", param: null, code },
});

const eventOf = (event: object) =>
  `${"type" in event ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`;

function compose({ model, messages, input, ...limits }: Body, key: string): Answer {
  const full = key.includes("slow")
    ? `${NOTICE} ${"And so on. ".repeat(30)}`
    : `${NOTICE} A model would answer here.`;
  const most = (limits.max_completion_tokens ?? limits.max_output_tokens ?? 1_000) * BYTES_PER_TOKEN;
  const text = full.slice(0, most);
  const sent = tokensOf(JSON.stringify(messages ?? input));
  const cached = key.includes("cached") ? Math.floor(sent / 2) : 0;
  return {
    model: `${model}-${MODEL_DATE}`,
    text,
    isCut: text !== full,
    sent,
    cached,
    written: tokensOf(text),
  };
}

const piecesOf = (text: string) => text.match(/\S+\s*/g) ?? [];

// --- Chat Completions

const chatUsage = ({ sent, cached, written }: Answer) => ({
  prompt_tokens: sent,
  completion_tokens: written,
  total_tokens: sent + written,
  prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0 },
});

const chat = (object: string, { model }: Answer) => ({
  ...{ id: "chatcmpl-simulated", object, created: 1_767_225_600, model, service_tier: "default" },
});

const finishOf = ({ isCut }: Answer) => (isCut ? "length" : "stop");

function chatCompletion(reply: Answer) {
  const message = { role: "assistant", content: reply.text, refusal: null, annotations: [] };
  const choice = { index: 0, message, logprobs: null, finish_reason: finishOf(reply) };
  return { ...chat("chat.completion", reply), choices: [choice], usage: chatUsage(reply) };
}

function chatChunks(reply: Answer, { stream_options }: Body) {
  const hasUsage = stream_options?.include_usage === true;
  const chunk = (choices: object[], usage: object | null = null) => ({
    ...chat("chat.completion.chunk", reply),
    choices,
    ...(hasUsage && { usage }),
  });
  const choice = (delta: object, finish_reason: string | null = null) =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason }]);
  return [
    choice({ role: "assistant", content: "", refusal: null }),
    ...piecesOf(reply.text).map((content) => choice({ content })),
    choice({}, finishOf(reply)),
    ...(hasUsage ? [chunk([], chatUsage(reply))] : []),
  ];
}

// --- Responses

function responseOf(reply: Answer, isFailed: boolean) {
  const { sent, cached, written, isCut, model, text } = reply;
  const content = [{ type: "output_text", text, annotations: [] }];
  const message = { id: "msg_simulated", type: "message", status: "completed", role: "assistant", content };
  const ended = isCut ? "incomplete" : "completed";
  return {
    ...{
      id: "resp_simulated",
      object: "response",
      created_at: 1_767_225_600,
      model,
      service_tier: "default",
    },
    status: isFailed ? "failed" : ended,
    error: isFailed ? { code: "server_error", message: `The model failed. (${NOTICE})` } : null,
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    output: isFailed ? [] : [message],
    usage: {
      input_tokens: sent,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: written,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: sent + written,
    },
  };
}

function responseEvents(reply: Answer, _body: Body, isFailed: boolean) {
  const whole = responseOf(reply, isFailed);
  const begun = {
    ...whole,
    status: "in_progress",
    output: [],
    usage: null,
    error: null,
    incomplete_details: null,
  };
  const item = {
    id: "msg_simulated",
    type: "message",
    status: "in_progress",
    role: "assistant",
    content: [],
  };
  const place = { item_id: item.id, output_index: 0, content_index: 0 };
  const part = { type: "output_text", text: "", annotations: [] };
  const end = isFailed ? "failed" : whole.status;
  const events = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...(isFailed
      ? []
      : [
          { type: "response.output_item.added", output_index: 0, item },
          { type: "response.content_part.added", ...place, part },
          ...piecesOf(reply.text).map((delta) => ({
            ...{ type: "response.output_text.delta", ...place, delta, logprobs: [] },
          })),
          { type: "response.output_text.done", ...place, text: reply.text, logprobs: [] },
          { type: "response.content_part.done", ...place, part: { ...part, text: reply.text } },
          { type: "response.output_item.done", output_index: 0, item: whole.output[0] },
        ]),
    { type: `response.${end}`, response: whole },
  ];
  return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

interface Form {
  whole(reply: Answer, isFailed: boolean): object;
  events(reply: Answer, body: Body, isFailed: boolean): object[];
  /** An error inside a stream. */
  error(code: string, message: string): object;
  /** Whether a stream says its end apart from its last event. */
  isEnded: boolean;
}

const FORMS: Record<string, Form> = {
  "/v1/chat/completions": { whole: chatCompletion, events: chatChunks, error: errorOf, isEnded: true },
  "/v1/responses": {
    whole: responseOf,
    events: responseEvents,
    error: (code, message) => ({ type: "error", code, message, param: null, sequence_number: 99 }),
    isEnded: false,
  },
};
