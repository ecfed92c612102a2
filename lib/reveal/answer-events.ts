import "server-only";
import { APIError } from "@anthropic-ai/sdk/error";
import { Stream } from "@anthropic-ai/sdk/streaming";
import { parseJson } from "../vault/env/json";
import type { SecretSource } from "../vault/types";
import { usageProblem } from "../vault-usage/errors";
import { membersOf } from "../vault-usage/provider-usage";

/** One thing that an answer says, as far as it can be understood. What is in it is untrusted. */
export type AnswerEvent =
  | { type: "begin"; message: unknown }
  /** `isShown` is false for what is not for the reader: thinking, and the input of tools. */
  | { type: "written"; text: string; isShown: boolean }
  | { type: "total"; usage: unknown; stopReason: unknown }
  /** A piece was lost on the way, perhaps of the text. */
  | { type: "damage" }
  | { type: "end" };

/**
 * Reads the answer to a request for a stream: the events of https://docs.anthropic.com/en/docs/build-with-claude/streaming,
 * or a whole message from a gateway that does not stream. It ends where the connection does, with or without an `end`.
 *
 * @param source whose key was used
 * @throws APIError for an error inside the answer, Problem provider_unclear for an answer of something else, and what
 * reading the connection throws
 */
export async function* readAnswer(response: Response, source: SecretSource): AsyncGenerator<AnswerEvent> {
  // Not by the content type, which gateways and proxies get wrong.
  const [first, whole] = await peek(response);
  if (first === "{" || first === "[") yield* readMessage(parseJson(await whole.text()), response, source);
  else if (first === "<") throw usageProblem("provider_unclear", { source });
  else yield* readStream(whole);
}

/** The first character that is no white space, and the response as if nothing had been read of it. */
async function peek({ body, headers }: Response): Promise<[string | undefined, Response]> {
  const chunks: Uint8Array[] = [];
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let isOver = !reader;
  while (reader && text === "" && !isOver) {
    const { done, value } = await reader.read();
    isOver = done;
    if (value) chunks.push(value);
    text = decoder.decode(value, { stream: true }).trimStart();
  }
  const whole = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = chunks.shift() ?? (await reader?.read())?.value;
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
    cancel: (reason) => reader?.cancel(reason),
  });
  return [text[0], new Response(whole, { headers })];
}

async function* readStream(response: Response): AsyncGenerator<AnswerEvent> {
  // Not the SDK's parsed events: it drops those without a name, and throws for what is no JSON.
  for await (const { event, data } of Stream.rawEvents(response)) {
    if (data === "[DONE]") {
      yield { type: "end" };
      continue;
    }
    const json = parseJson(data);
    const { type, error } = membersOf(json);
    // LiteLLM's come without a name and a type: https://github.com/BerriAI/litellm, `async_sse_data_generator`.
    const isError = type === "error" || (error && type === undefined);
    if (event === "error" || isError) throw errorIn(json ?? data, response);
    if (data === "") continue;
    if (json === undefined) yield { type: "damage" };
    else yield* read(typeof type === "string" && type !== "" ? type : event, membersOf(json));
  }
}

function* read(type: string | null, event: ReturnType<typeof membersOf>): Generator<AnswerEvent> {
  if (type === "message_start") {
    yield { type: "begin", message: event.message };
    yield* readContent(membersOf(event.message).content);
  } else if (type === "content_block_start") yield* readBlock(event.content_block);
  else if (type === "content_block_delta") yield* readBlock(event.delta);
  else if (type === "message_delta" || type === "message_stop") {
    const { usage, stop_reason } = membersOf(event.delta);
    const counts = { ...membersOf(usage), ...membersOf(event.usage) };
    yield { type: "total", usage: counts, stopReason: stop_reason ?? event.stop_reason };
    if (type === "message_stop") yield { type: "end" };
  } else if (type === "message") yield* readWhole(event);
}

function* readMessage(message: unknown, response: Response, source: SecretSource): Generator<AnswerEvent> {
  const { type, error, content } = membersOf(message);
  const hasContent = Array.isArray(content) || typeof content === "string";
  if (type === "error" || (error && !(hasContent && content.length > 0))) throw errorIn(message, response);
  // It broke off before its end, and nothing of it can be read.
  if (message === undefined) throw usageProblem("provider_unavailable", { source });
  if (!hasContent) throw usageProblem("provider_unclear", { source });
  yield* readWhole(membersOf(message));
}

function* readWhole(message: ReturnType<typeof membersOf>): Generator<AnswerEvent> {
  const { content, usage, stop_reason } = message;
  yield { type: "begin", message };
  yield* readContent(content);
  yield { type: "total", usage, stopReason: stop_reason };
  yield { type: "end" };
}

function* readContent(content: unknown): Generator<AnswerEvent> {
  if (typeof content === "string") yield { type: "written", text: content, isShown: true };
  for (const block of Array.isArray(content) ? content : []) yield* readBlock(block);
}

/** What a block of an answer, or a piece of one, holds of text. */
function* readBlock(block: unknown): Generator<AnswerEvent> {
  const { type, text, thinking, partial_json } = membersOf(block);
  const isThought = typeof type === "string" && type.includes("thinking");
  if (typeof text === "string") yield { type: "written", text, isShown: !isThought };
  for (const unseen of [thinking, partial_json])
    if (typeof unseen === "string") yield { type: "written", text: unseen, isShown: false };
}

/** Without a status, which was a success. */
const errorIn = (body: unknown, { headers }: Response) =>
  new APIError(undefined, Object(body), undefined, headers);
