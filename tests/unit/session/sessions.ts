import { afterAll, afterEach, beforeEach, expect, vi } from "vitest";
import { openSession, readUser, type SessionRequest } from "../../../lib/vault/session/session.ts";
import type { CookieChange } from "../../../lib/vault/session/storage.ts";
import { type AuthAnswer, startAuthStandIn } from "../../support/auth-standin.ts";

// The sessions that the tests beside this visit with, and what their auth server answers.

export const ID = "0a000000-0000-4000-8000-00000000000a";
export const NAME = "sb-127-auth-token";
export const PUBLISHABLE = "sb_publishable_test-not-real";
export const SECRET = "sb_secret_test-not-real";

export const auth = await startAuthStandIn();
let log: ReturnType<typeof vi.spyOn>[];
afterAll(() => auth.close());
beforeEach(() => {
  auth.requests.length = 0;
  log = (["log", "warn", "error", "info"] as const).map((level) =>
    vi.spyOn(console, level).mockReturnValue(),
  );
});
afterEach(() => {
  // Nobody's cookie makes a library fill the log.
  for (const spy of log) expect(spy.mock.calls).toEqual([]);
  vi.restoreAllMocks();
});

export const seconds = () => Math.floor(Date.now() / 1000);
export const token = (name: string) => `${name}.e30.sig`;
export const sessionOf = (expires_at: number, name = "old") => ({
  access_token: token(name),
  refresh_token: `refresh-${name}-0123456789`,
  token_type: "bearer",
  expires_in: 3600,
  expires_at,
  user: { id: ID, email: "ann@vault.test" },
});
export const cookieOf = (session: unknown) =>
  `${NAME}=base64-${Buffer.from(JSON.stringify(session)).toString("base64url")}`;
export const EXPIRED = cookieOf(sessionOf(1));
/** Within the 90 seconds in which the library renews ahead. */
export const ENDING = cookieOf(sessionOf(seconds() + 60));
export const VALID = cookieOf(sessionOf(seconds() + 3_600));

/** One request of a browser with this cookie, and the cookies that its reply would set. */
export function visit(cookieHeader: string | null, changes: Partial<SessionRequest> = {}) {
  const set: CookieChange[] = [];
  const session = openSession({
    url: auth.url,
    publishableKey: PUBLISHABLE,
    secretKey: SECRET,
    clientAddress: undefined,
    cookieOptions: { name: NAME, path: "/", httpOnly: true },
    cookieHeader,
    setCookies: (cookies) => set.push(...cookies),
    ...changes,
  });
  return { session, set, who: () => readUser(session) };
}

export const isRenewal = (path: string) => path.includes("grant_type=refresh_token");
export const renewals = () => auth.requests.filter(({ path }) => isRenewal(path));
export const RENEWED = { status: 200, body: sessionOf(seconds() + 3_600, "new") };
export const user = (name: string): AuthAnswer => ({
  status: 200,
  body: { id: ID.toUpperCase(), email: `${name}@vault.test` },
});

/** Answers renewals with these, one after the other, the last of them again and again; and says whose a token is. */
export function renewWith(...answers: AuthAnswer[]): void {
  const left = [...answers];
  auth.answer = ({ path, headers }) => {
    if (!isRenewal(path)) return user(String(headers.authorization).includes("new.") ? "new" : "old");
    return (left.length > 1 ? left.shift() : left[0]) ?? null;
  };
}

export const gotrue = (status: number, code: string): AuthAnswer => ({
  status,
  body: { code, message: "No." },
});
/** Answers that say nothing of the session. */
export const UNKNOWN: [string, AuthAnswer][] = [
  ["too many requests", gotrue(429, "over_request_rate_limit")],
  ["a conflict", gotrue(409, "conflict")],
  ["a paused project", { status: 540, body: { message: "Project paused" } }],
  ["a wrong API key", { status: 401, body: { message: "Invalid API key", hint: "Double check it." } }],
  ["a fault of the server's own", gotrue(500, "unexpected_failure")],
  ["unavailable", { status: 503, body: "<html>Service unavailable</html>" }],
  ["a bad gateway", { status: 502, body: "" }],
  ["a time-out at a CDN", { status: 524, body: "<html>524</html>" }],
  ["a page of a firewall's", { status: 403, body: "<html>Forbidden</html>" }],
  ["a page that is not there", { status: 404, body: "<html>Not found</html>" }],
  [
    "a gateway without such a route",
    { status: 404, body: { message: "no Route matched with those values" } },
  ],
  ["a bad request to a proxy", { status: 400, body: "Bad Request" }],
  ["a login of a network's", { status: 200, body: "<html>Welcome to our wifi</html>" }],
  ["a success that is no session", { status: 200, body: { message: "ok" } }],
  ["a success that is null", { status: 200, body: null }],
  ["half a session", { status: 200, body: { access_token: token("new") } }],
  ["a redirect's page", { status: 300, body: "<html>Elsewhere</html>" }],
  ["a code of another kind", { status: 418, body: { code: 418, msg: "I'm a teapot" } }],
  ["a connection that closes", null],
];
