import "server-only";
import { APIError } from "@anthropic-ai/sdk/error";
import { Stream } from "@anthropic-ai/sdk/streaming";
import type { SecretSource } from "../vault/types";
import { revealProblem } from "./errors";
import { membersOf } from "./provider-usage";

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
  const type = response.headers.get("content-type") ?? "";
  if (/\bjson\b/i.test(type))
    yield* readMessage(await response.json().catch(() => undefined), response, source);
  else if (/\bhtml\b/i.test(type)) throw revealProblem("provider_unclear", { source });
  else yield* readStream(response);
}

async function* readStream(response: Response): AsyncGenerator<AnswerEvent> {
  // Not the SDK's parsed events: it drops those without a name, and throws for what is no JSON.
  for await (const { event, data } of Stream.rawEvents(response)) {
    if (data === "[DONE]") yield { type: "end" };
    if (data === "" || data === "[DONE]") continue;
    const json = parse(data);
    const { type, error } = membersOf(json);
    // LiteLLM's come without a name and a type: https://github.com/BerriAI/litellm, `async_sse_data_generator`.
    const isError = type === "error" || (error && type === undefined);
    if (event === "error" || isError) throw errorIn(json ?? data, response);
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
    yield { type: "total", usage: event.usage ?? usage, stopReason: stop_reason ?? event.stop_reason };
    if (type === "message_stop") yield { type: "end" };
  }
}

function* readMessage(message: unknown, response: Response, source: SecretSource): Generator<AnswerEvent> {
  const { type, error, content, usage, stop_reason } = membersOf(message);
  if (type === "error" || error) throw errorIn(message, response);
  if (!Array.isArray(content)) throw revealProblem("provider_unclear", { source });
  yield { type: "begin", message };
  yield* readContent(content);
  yield { type: "total", usage, stopReason: stop_reason };
  yield { type: "end" };
}

function* readContent(blocks: unknown): Generator<AnswerEvent> {
  for (const block of Array.isArray(blocks) ? blocks : []) yield* readBlock(block);
}

/** What a block of an answer, or a piece of one, holds of text. */
function* readBlock(block: unknown): Generator<AnswerEvent> {
  const { text, thinking, partial_json } = membersOf(block);
  if (typeof text === "string") yield { type: "written", text, isShown: true };
  for (const unseen of [thinking, partial_json])
    if (typeof unseen === "string") yield { type: "written", text: unseen, isShown: false };
}

/** Without a status, which was a success. */
const errorIn = (body: unknown, { headers }: Response) =>
  new APIError(undefined, Object(body), undefined, headers);

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
