import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/**
 * Rewrites requests that Next fails at, with a 500 and a stack in the log, before any code of ours: TRACE, of which no
 * `Request` can be made (https://fetch.spec.whatwg.org/#methods), `OPTIONS *`, and paths with escapes that are none.
 * They are then refused like others that are not there, by app/api/[...path].
 *
 * Node tells of a request before its server does: https://nodejs.org/docs/latest-v24.x/api/diagnostics_channel.html#http
 */
export function tameRequests(): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const { url = "" } = request;
    // There are no server actions, and Next would log a stack for each that it is asked for.
    delete request.headers["next-action"];
    const isAddress = url.startsWith("/") || URL.canParse(url);
    if (request.method === "TRACE" || !isAddress) {
      request.method = "OPTIONS";
      request.url = "/api/nothing";
    } else if (!isDecodable(url.split("?", 1)[0] ?? "")) {
      request.url = url.replaceAll("%", "%25");
    }
  });
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
