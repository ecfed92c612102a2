import { isChunkLike } from "@supabase/ssr";
import { z } from "zod/v4";

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
 * {@link serverCookie} with its name. Over https that begins with `__Host-`: browsers let no other host set such a cookie,
 * not even a sibling under the same domain (RFC 6265bis, section 4.1.3.2).
 *
 * @param siteOrigin where people reach the app, e.g. `https://vault.example.com`
 */
export function hostCookie(siteOrigin: string, name: string) {
  const attributes = serverCookie(siteOrigin);
  return { ...attributes, name: attributes.secure ? `__Host-${name}` : name };
}

/** {@link hostCookie} for the session; its chunks are named after it. */
export const sessionCookie = (supabaseUrl: string, siteOrigin: string) =>
  hostCookie(siteOrigin, defaultCookieName(supabaseUrl));

/**
 * The cookies of one session as a request brought them: the session, whole or in chunks, and the verifiers of
 * sign-ins under way.
 *
 * @param header the raw `Cookie` header; parsers that return a map hide duplicates
 * @param name the session cookie's name
 * @returns without what is there twice; without the session if it {@link isAmbiguous} or cannot be one
 */
export function readSessionCookies(header: string | null, name: string): SessionCookie[] {
  const cookies = cookiesOf(header, name);
  const chunks = cookies.filter((cookie) => isChunkLike(cookie.name, name));
  const counts = countOf(cookies);
  const verifiers = cookies.filter(
    (cookie) => !isChunkLike(cookie.name, name) && counts.get(cookie.name) === 1,
  );
  return areSeveral(chunks, name) || !isSession(chunks, name) ? verifiers : [...chunks, ...verifiers];
}

/**
 * Whether a request has more than one session cookie. Another host under the same domain can add one that this host
 * did not set, and nothing in the request tells them apart, so two of them are no session.
 *
 * @returns true for a name that is there twice, or both whole and in chunks
 */
export function isAmbiguous(header: string | null, name: string): boolean {
  return areSeveral(
    cookiesOf(header, name).filter((cookie) => isChunkLike(cookie.name, name)),
    name,
  );
}

function areSeveral(chunks: SessionCookie[], name: string): boolean {
  const counts = countOf(chunks);
  return counts.size < chunks.length || (counts.has(name) && chunks.length > 1);
}

function countOf(cookies: SessionCookie[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of cookies) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Those of a request that belong to sessions of this name, as they are: {@link readSessionCookies} says which count. */
export function cookiesOf(header: string | null, name: string): SessionCookie[] {
  return (header ?? "")
    .split(";")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return { name: bare(pair.slice(0, Math.max(equals, 0))), value: bare(pair.slice(equals + 1)) };
    })
    .filter((cookie) => isChunkLike(cookie.name, name) || cookie.name.startsWith(`${name}-`))
    .map((cookie) => ({ ...cookie, value: decoded(cookie.value) }));
}

/**
 * Without the white space of RFC 6265 around it, which is blanks and tabs. What JavaScript takes for white space besides
 * is part of the name: browsers let any host set a cookie whose name begins with such a character and then `__Host-`.
 * A loop, because a pattern would take hours for some headers.
 */
function bare(text: string): string {
  const isBlank = (index: number) => text[index] === " " || text[index] === "\t";
  let [start, end] = [0, text.length];
  while (start < end && isBlank(start)) start += 1;
  while (end > start && isBlank(end - 1)) end -= 1;
  return text.slice(start, end);
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
