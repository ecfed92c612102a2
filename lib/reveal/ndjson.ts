/** The reply's headers: not stored, and not held back by a proxy until it is complete. */
export const NDJSON_HEADERS = {
  "Content-Type": "application/x-ndjson; charset=utf-8",
  "Cache-Control": "private, no-store",
  "X-Accel-Buffering": "no",
};

/**
 * Writes each event as one line of JSON.
 *
 * @param events are asked for only as fast as the reader reads
 * @param onCancel is called when the reader leaves, and has to make `events` end
 */
export function toNdjson(events: AsyncGenerator<unknown>, onCancel: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await events.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
    },
    async cancel() {
      onCancel();
      // Nobody asks for the next event any more, and `finally` has to run nevertheless.
      await events.return(undefined);
    },
  });
}

/**
 * Reads newline-delimited JSON. Chunks may end anywhere, inside a character too.
 *
 * @throws SyntaxError for a line that is not JSON
 */
export async function* fromNdjson<Event>(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  const decoder = new TextDecoder();
  // Not `for await`: not every browser can iterate over a stream.
  const reader = body.getReader();
  let rest = "";
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const lines = (rest + decoder.decode(chunk.value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield JSON.parse(line) as Event;
    }
    rest += decoder.decode();
    if (rest !== "") yield JSON.parse(rest) as Event;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
