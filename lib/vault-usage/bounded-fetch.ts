import "server-only";

/** More than the longest answer takes, with an event for each of its tokens. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** Of an error, its codes are read; pages of proxies may be long. */
const MAX_ERROR_BYTES = 64 * 1024;
/** Milliseconds for the rest of an error, once its status is known. */
const ERROR_TIMEOUT_MS = 5_000;

/**
 * `fetch`, except that a body ends where it grows too long, and an error's also where it takes too long: then the
 * connection is closed, and what has arrived counts.
 */
export async function boundedFetch(...request: Parameters<typeof fetch>): Promise<Response> {
  return boundedReply(await fetch(...request));
}

/** A reply with such a body. */
export function boundedReply(reply: Response): Response {
  const { body, ok, status, headers } = reply;
  if (!body) return reply;
  const bounds = ok
    ? { bytes: MAX_ANSWER_BYTES }
    : { bytes: MAX_ERROR_BYTES, milliseconds: ERROR_TIMEOUT_MS };
  // A `Response` takes neither every reason phrase nor a status above 599, and would throw, with the connection open.
  return new Response(bounded(body, bounds), { status: Math.min(status, 599), headers });
}

function bounded(
  body: ReadableStream<Uint8Array>,
  { bytes, milliseconds }: { bytes: number; milliseconds?: number },
): ReadableStream<Uint8Array> {
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  const bounds = new TransformStream<Uint8Array, Uint8Array>({
    start(controller) {
      if (milliseconds !== undefined) timer = setTimeout(() => controller.terminate(), milliseconds);
    },
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > bytes) controller.terminate();
      else controller.enqueue(chunk);
    },
    flush: () => clearTimeout(timer),
  });
  return body.pipeThrough(bounds);
}
