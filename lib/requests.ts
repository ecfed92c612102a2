import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/** Those that Next answers itself or hands to a route. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * Rewrites requests that Next fails at, with a 500 and a stack in the log, before any code of ours: TRACE, of which no
 * `Request` can be made (https://fetch.spec.whatwg.org/#forbidden-method), and addresses that are no path or have
 * escapes that are none. They are then refused like any other that is not there.
 *
 * Node tells of a request before its server does: https://nodejs.org/docs/latest-v24.x/api/diagnostics_channel.html#http
 */
export function tameRequests(): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const { method = "", url = "" } = request;
    if (!METHODS.includes(method)) request.method = "OPTIONS";
    if (!url.startsWith("/")) request.url = "/api/no-path";
    else if (!isDecodable(url.split("?", 1)[0] ?? "")) request.url = url.replaceAll("%", "%25");
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
