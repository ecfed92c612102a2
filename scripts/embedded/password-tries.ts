import { setTimeout as sleep } from "node:timers/promises";
import type { Handler } from "./one-at-a-time.ts";

interface Limits {
  /** Failed tries for one address within the window. */
  perEmail: number;
  /** Failed tries within the window in all, which also bounds what is remembered. */
  overall: number;
  windowMs: number;
  /** How long every failed try takes at least: longer than to hash a password. */
  failureMs: number;
}

/** Enough to mistype, and too few to guess. */
const LIMITS: Limits = { perEmail: 10, overall: 300, windowMs: 300_000, failureMs: 400 };

/**
 * Limits failed sign-ins with a password, and has all of them take the same time. Lite hashes a password only if there
 * is an account, so the time would reveal which addresses have one; and it lets anyone guess forever.
 * Sign-ins that succeed are not counted, nor held up.
 *
 * @param handle answers one request
 * @returns the same; beyond a limit, it answers as GoTrue's own limiter does
 */
export function limitPasswordTries(handle: Handler, limits: Partial<Limits> = {}): Handler {
  const { perEmail, overall, windowMs, failureMs } = { ...LIMITS, ...limits };
  let tries: { email: string; at: number }[] = [];
  return async (request) => {
    if (!isPasswordGrant(request)) return handle(request);
    const email = await emailOf(request.clone());
    const now = performance.now();
    tries = tries.filter(({ at }) => at > now - windowMs);
    const own = tries.filter((each) => each.email === email);
    const [oldest] = own.length >= perEmail ? own : tries.length >= overall ? tries : [];
    if (oldest) return tooMany(Math.ceil((oldest.at + windowMs - now) / 1_000));
    // Counted before it's known to fail, so that parallel tries can't all get through.
    const entered = { email, at: now };
    tries.push(entered);
    const answer = await handle(request);
    if (answer.status >= 400 && answer.status < 500) {
      await sleep(Math.max(0, failureMs - (performance.now() - now)));
    } else {
      tries = tries.filter((each) => each !== entered);
    }
    return answer;
  };
}

function isPasswordGrant({ method, url }: Request): boolean {
  const { pathname, searchParams } = new URL(url);
  return method === "POST" && pathname === "/auth/v1/token" && searchParams.get("grant_type") === "password";
}

/** As the auth server reads it; empty where it reads none, all of which then count as one. */
async function emailOf(request: Request): Promise<string> {
  const body: { email?: unknown } | null = await request.json().catch(() => null);
  return typeof body?.email === "string" ? body.email.toLowerCase().slice(0, 254) : "";
}

/** https://github.com/supabase/auth/blob/master/internal/api/middleware.go */
function tooMany(seconds: number): Response {
  return Response.json(
    { code: 429, error_code: "over_request_rate_limit", msg: "Request rate limit reached" },
    { status: 429, headers: { "Retry-After": String(seconds) } },
  );
}
