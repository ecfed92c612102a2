import {
  type CookieOptions,
  type CookieOptionsWithName,
  combineChunks,
  createChunks,
  DEFAULT_COOKIE_OPTIONS,
  isChunkLike,
  stringFromBase64URL,
  stringToBase64URL,
} from "@supabase/ssr";
import type { SupportedStorage } from "@supabase/supabase-js";
import { cookiesOf, readSessionCookies } from "./cookies";

const BASE64_PREFIX = "base64-";

/** A cookie to set; an empty value with `maxAge` 0 deletes one. */
export interface CookieChange {
  name: string;
  value: string;
  options: CookieOptions;
}

/** One request's cookies. */
export interface CookieRequest {
  /** How the session cookie is set, its name included. */
  cookieOptions: CookieOptionsWithName & { name: string };
  /** The request's raw `Cookie` header. */
  cookieHeader: string | null;
  /** Sets cookies on the reply, which then must not be stored. */
  setCookies: (changes: CookieChange[]) => void;
}

interface CookieStorageOptions extends CookieRequest {
  /** Whether what auth-js takes for over is. */
  mayDelete: () => boolean;
}

/**
 * Where auth-js keeps a session: in the cookies of one request and its reply, in the form that @supabase/ssr reads and
 * writes, so that clients of either kind share them.
 */
export function cookieStorage(options: CookieStorageOptions): SupportedStorage {
  const { cookieHeader, setCookies, mayDelete } = options;
  const { name, ...attributes } = { ...DEFAULT_COOKIE_OPTIONS, ...options.cookieOptions };
  const cookies = new Map(
    readSessionCookies(cookieHeader, name).map((cookie) => [cookie.name, cookie.value]),
  );
  // Those that do not count, too: next to a new session they would make it ambiguous.
  const present = new Set(cookiesOf(cookieHeader, name).map((cookie) => cookie.name));

  /** Puts these cookies in the place of all that the browser has of one item. */
  const replace = (key: string, chunks: { name: string; value: string }[]) => {
    const kept = new Set(chunks.map((chunk) => chunk.name));
    const gone = [...present].filter((cookie) => isChunkLike(cookie, key) && !kept.has(cookie));
    for (const cookie of gone) {
      present.delete(cookie);
      cookies.delete(cookie);
    }
    for (const chunk of chunks) {
      present.add(chunk.name);
      cookies.set(chunk.name, chunk.value);
    }
    const changes = [
      ...gone.map((cookie) => ({ name: cookie, value: "", options: { ...attributes, maxAge: 0 } })),
      ...chunks.map((chunk) => ({ ...chunk, options: attributes })),
    ];
    if (changes.length > 0) setCookies(changes);
  };

  return {
    isServer: true,
    async getItem(key) {
      const text = await combineChunks(key, (chunk) => cookies.get(chunk));
      return text?.startsWith(BASE64_PREFIX) ? stringFromBase64URL(text.slice(BASE64_PREFIX.length)) : text;
    },
    setItem: (key, value) => {
      // Whoever is signed in now needs none of the verifiers that led there.
      const isSignIn = key === name && !cookies.has(name) && !cookies.has(`${name}.0`);
      const verifiers = isSignIn ? [...present].filter((cookie) => cookie.startsWith(`${name}-`)) : [];
      for (const verifier of verifiers) replace(verifier, []);
      replace(key, createChunks(key, BASE64_PREFIX + stringToBase64URL(value)));
    },
    removeItem: (key) => {
      if (mayDelete()) replace(key, []);
    },
  };
}
