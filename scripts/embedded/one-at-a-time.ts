export type Handler = (request: Request) => Promise<Response>;

/**
 * Runs one request after the other. PGlite is a single database session, and Lite sends `BEGIN`, the
 * caller's role and the query to it as separate steps without a lock: of two requests that overlap, one
 * could run inside the other's transaction, as the other's user. There is one thread for all of them
 * anyway, so waiting costs nothing.
 *
 * @param handle answers one request
 * @returns the same, queued; the body is read first, so a slow sender holds up nobody
 */
export function oneAtATime(handle: Handler): Handler {
  let last: Promise<unknown> = Promise.resolve();
  return async (request) => {
    const complete = await withBody(request);
    const answer = last.then(() => handle(complete));
    last = answer.catch(() => undefined);
    return answer;
  };
}

async function withBody(request: Request): Promise<Request> {
  if (request.method === "GET" || request.method === "HEAD") return request;
  const { url, method, headers } = request;
  const body = await request.arrayBuffer();
  return new Request(url, { method, headers, body: body.byteLength > 0 ? body : null });
}
