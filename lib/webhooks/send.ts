import "server-only";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { Webhook as Signer } from "standardwebhooks";
import { retryAfterSeconds } from "../vault-usage/retry-after";
import { agentFor, isForbidden, isRuledOut, lookupOf } from "./address";
import { withoutAddress } from "./redact";
import type { Delivery } from "./schema";
import { TlsFailure, watchTls } from "./tls";
import type { DeliveryError } from "./types";

/** What is sent: the same at every attempt. */
export interface Message {
  /** "msg_" and a UUID. */
  id: string;
  /** JSON text. */
  payload: string;
}

/** What became of an attempt. */
export type Outcome = Pick<Delivery, "response_status" | "response_excerpt" | "error" | "duration_ms"> & {
  status: "delivered" | "failed";
};

/** {@link Outcome}, and for how many seconds the receiver then wants to be left alone, at most a day. */
export type Sent = Outcome & { retryAfter?: number };

interface Options {
  /** Milliseconds for the whole of it. */
  timeout?: number;
  /** How names are resolved; as address.ts says unless a test says otherwise. */
  lookup?: LookupFunction;
}

/** Milliseconds that an attempt takes at most. */
export const TIMEOUT_MS = 5_000;
const MAX_INTERIM_ANSWERS = 10;
/** Enough for four bytes a character. */
const EXCERPT_BYTES = 2_000;
const EXCERPT_LENGTH = 500;

/**
 * Makes one attempt: a POST, signed after Standard Webhooks, that follows no redirect. An answer of 2xx is success.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @param address null where it cannot be read, and then nothing is sent
 * @param secret the webhook's signing secret, likewise
 * @returns what became of it; never rejects
 */
export async function send(
  address: string | null,
  secret: string | null,
  message: Message,
  options: Options = {},
): Promise<Sent> {
  const began = performance.now();
  const ending = (outcome: Partial<Sent>): Sent => ({
    status: "failed",
    response_status: null,
    response_excerpt: null,
    error: null,
    ...outcome,
    duration_ms: Math.round(performance.now() - began),
  });
  if (address === null || secret === null) return ending({ error: "secret_unreadable" });
  try {
    const url = new URL(address);
    if (isRuledOut(url)) return ending({ error: "address_not_allowed" });
    const response = await post(url, secret, message, options);
    const { statusCode = 0 } = response;
    const response_excerpt = await readExcerpt(response, url);
    const retryAfter = retryAfterOf(response);
    return ending({
      status: statusCode >= 200 && statusCode < 300 ? "delivered" : "failed",
      response_status: statusCode,
      response_excerpt,
      ...(retryAfter !== undefined && { retryAfter }),
    });
  } catch (error) {
    return ending({ error: errorOf(error as NodeJS.ErrnoException) });
  }
}

/** Sends the message, and waits until the answer begins. */
function post(url: URL, secret: string, message: Message, options: Options): Promise<IncomingMessage> {
  const { id, payload } = message;
  const now = new Date();
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(payload),
    "User-Agent": "Command-Center-Webhooks",
    "Accept-Encoding": "identity",
    "webhook-id": id,
    "webhook-timestamp": Math.floor(now.getTime() / 1000),
    "webhook-signature": new Signer(secret).sign(id, now, payload),
  };
  const signal = AbortSignal.timeout(options.timeout ?? TIMEOUT_MS);
  const { request } = url.protocol === "http:" ? http : https;
  const lookup = lookupOf(options.lookup);
  return new Promise((resolve, reject) => {
    let interim = 0;
    const sending = request(url, {
      method: "POST",
      agent: agentFor(url),
      headers,
      signal,
      ...(lookup && { lookup }),
    });
    const explained = watchTls(sending);
    sending
      .once("response", resolve)
      .on("error", (error) => reject(explained(error)))
      // A receiver may announce its answer, and not go on announcing it.
      .on("information", () => {
        interim += 1;
        if (interim > MAX_INTERIM_ANSWERS) sending.destroy(new Error("no answer"));
      })
      // A receiver that wants to switch protocols gives neither an answer nor an error.
      .once("close", () => reject(new Error("closed")))
      .end(payload);
  });
}

/** How a body begins. One that breaks off or takes too long is worth what has arrived: the status says the rest. */
async function readExcerpt(response: IncomingMessage, url: URL): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      size += chunk.length;
      // Leaving the loop hangs up.
      if (size >= EXCERPT_BYTES) break;
    }
  } catch {}
  // A character that is cut off is left out.
  const text = new TextDecoder().decode(Buffer.concat(chunks).subarray(0, EXCERPT_BYTES), { stream: true });
  // One line of plain text, whatever it was. By characters, so that none is cut in two.
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return [...withoutAddress(line, url)].slice(0, EXCERPT_LENGTH).join("");
}

/** Too many requests, and service unavailable: the answers whose `Retry-After` is about the same request. */
const LATER = [429, 503];

/** Seconds, the longest where several are given, for instance by a receiver and by what is in front of it. */
function retryAfterOf({ statusCode = 0, headersDistinct }: IncomingMessage): number | undefined {
  if (!LATER.includes(statusCode)) return undefined;
  const asked = headersDistinct["retry-after"]?.map((value) => retryAfterSeconds(value));
  return asked?.reduce((one, other) => Math.max(one ?? 0, other ?? 0));
}

// https://nodejs.org/docs/latest-v24.x/api/errors.html#common-system-errors
const ERRORS: Record<string, DeliveryError> = {
  ABORT_ERR: "timeout",
  ENOTFOUND: "name_not_found",
  EAI_AGAIN: "name_not_found",
  ECONNREFUSED: "connection_refused",
};

function errorOf(error: NodeJS.ErrnoException): DeliveryError {
  if (error instanceof TlsFailure) return error.kind;
  if (isForbidden(error)) return "address_not_allowed";
  return ERRORS[error.code ?? ""] ?? "connection_failed";
}
