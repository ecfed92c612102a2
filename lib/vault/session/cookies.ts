import { isChunkLike } from "@supabase/ssr";
import { z } from "zod";

/** One cookie of a request, by its name and its raw value. */
export interface SessionCookie {
  name: string;
  value: string;
}

/**
 * What Supabase's libraries keep as a session. A cookie is the client's text: what cannot be a session is dropped
 * here, so that it costs no request to the auth server and no log line of a library.
 */
const session = z.object({
  // RFC 7519, compact form.
  access_token: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
  refresh_token: z.string().regex(/^[\w-]{10,1024}$/),
  expires_at: z.number(),
});

const BASE64_PREFIX = "base64-";

/** The name of the session cookie that Supabase's libraries choose by themselves. */
export function defaultCookieName(supabaseUrl: string): string {
  return `sb-${new URL(supabaseUrl).hostname.split(".")[0]}-auth-token`;
}

/**
 * How a cookie that only the server reads is set. `HttpOnly`, unlike the default of Supabase's library, because no
 * script of ours reads it and none of anybody else's shall.
 *
 * @param siteOrigin where people reach the app, e.g. `https://vault.example.com`
 */
export function serverCookie(siteOrigin: string) {
  const secure = siteOrigin.startsWith("https:");
  return { path: "/", httpOnly: true, secure, sameSite: "lax" as const };
}

/**
 * {@link serverCookie} for the session, with its name. Over https that begins with `__Host-`, and so do those of its chunks: browsers let no
 * other host set such a cookie, not even a sibling under the same domain (RFC 6265bis, section 4.1.3.2).
 *
 * @param siteOrigin where people reach the app, e.g. `https://vault.example.com`
 */
export function sessionCookie(supabaseUrl: string, siteOrigin: string) {
  const attributes = serverCookie(siteOrigin);
  const name = defaultCookieName(supabaseUrl);
  return { ...attributes, name: attributes.secure ? `__Host-${name}` : name };
}

/**
 * The cookies of one session as a request brought them: the session, whole or in chunks, and the verifiers of
 * sign-ins under way.
 *
 * A sibling host can add a cookie of the same name that this host did not set. Nothing in the request tells them
 * apart, so two of them are no session.
 *
 * @param header the raw `Cookie` header; parsers that return a map hide duplicates
 * @param name the session cookie's name
 * @returns an empty list for a name that is there twice, or both whole and in chunks; no session if it cannot be one
 */
export function readSessionCookies(header: string | null, name: string): SessionCookie[] {
  const cookies = cookiesOf(header, name);
  const chunks = cookies.filter((cookie) => isChunkLike(cookie.name, name));
  const isTwice = new Set(cookies.map((cookie) => cookie.name)).size < cookies.length;
  const isMixed = chunks.length > 1 && chunks.some((chunk) => chunk.name === name);
  if (isTwice || isMixed) return [];
  return isSession(chunks, name) ? cookies : cookies.filter((cookie) => !chunks.includes(cookie));
}

/** Those of a request that belong to sessions of this name, as they are: {@link readSessionCookies} says which count. */
export function cookiesOf(header: string | null, name: string): SessionCookie[] {
  return (header ?? "")
    .split(";")
    .map((pair) => /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(pair))
    .map((match) => ({ name: match?.[1] ?? "", value: decoded(match?.[2] ?? "") }))
    .filter((cookie) => isChunkLike(cookie.name, name) || cookie.name.startsWith(`${name}-`));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function isSession(chunks: SessionCookie[], name: string): boolean {
  const byName = new Map(chunks.map((chunk) => [chunk.name, chunk.value]));
  const ordered = byName.has(name) ? [name] : chunks.map((_, index) => `${name}.${index}`);
  const text = ordered.map((chunk) => byName.get(chunk) ?? "").join("");
  const isEncoded = text.startsWith(BASE64_PREFIX);
  try {
    const json = isEncoded ? Buffer.from(text.slice(BASE64_PREFIX.length), "base64url").toString() : text;
    return session.safeParse(JSON.parse(json)).success;
  } catch {
    return false;
  }
}
