import { createHmac } from "node:crypto";
import type { OutgoingHttpHeaders } from "node:http";
import { TEST_JWT_SECRET, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../../../support/keys";
import { type Person, post, sessionCookie } from "../client";
import { everyRequest, sendingOf } from "./addresses";
import { answered, type Cast, ECHO, KEY, type Row, type Theme, withHeaders } from "./row";

const REVEAL = `/api/vault?key=${KEY}&reveal=true`;
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** Whatever is no session cookie: alone it is nothing, however true it is. */
const credentials = ({ owner }: Cast): [string, OutgoingHttpHeaders, string?][] => {
  const token = owner.session.access_token;
  return [
    ["an empty cookie", { Cookie: "" }],
    ["a cookie of garbage", { Cookie: "sb-127-auth-token=garbage" }],
    ["the owner's cookie under another name", { Cookie: owner.cookie.replaceAll("sb-127-", "sb-128-") }],
    ["the owner's cookie in capitals", { Cookie: owner.cookie.toUpperCase() }],
    ["the owner's access token as bearer", bearer(token)],
    [
      "the owner's access token as basic",
      { Authorization: `Basic ${Buffer.from(`x:${token}`).toString("base64")}` },
    ],
    ["the owner's access token as a cookie", { Cookie: `sb-127-auth-token=${token}; access_token=${token}` }],
    ["the owner's access token in the query", {}, `access_token=${token}`],
    ["the secret key as bearer", bearer(TEST_SECRET_KEY)],
    ["the secret key as apikey", { apikey: TEST_SECRET_KEY, "X-Api-Key": TEST_SECRET_KEY }],
    ["the secret key as both", { apikey: TEST_SECRET_KEY, ...bearer(TEST_SECRET_KEY) }],
    ["the secret key in the query", {}, `apikey=${TEST_SECRET_KEY}`],
    ["the publishable key and the owner's token", { apikey: TEST_PUBLISHABLE_KEY, ...bearer(token) }],
    [
      "the owner's id in headers",
      { "X-User-Id": owner.id, "X-Supabase-Auth": owner.id, Forwarded: `for=${owner.id}` },
    ],
    ["headers of Next's own", { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" }],
    ["a changed method", { "X-HTTP-Method-Override": "OPTIONS" }],
  ];
};

type Claims = Record<string, unknown>;
/** The stranger's own session, with something in it made the owner's or otherwise wrong. */
const forgeries = ({ stranger, owner }: Cast): [string, unknown][] => {
  const { session } = stranger;
  const [header = "", payload = "", signature = ""] = session.access_token.split(".");
  const claims: Claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const withToken = (access_token: unknown) => ({ ...session, access_token });
  const signed = (changed: Claims, secret: string, head: object = { alg: "HS256", typ: "JWT" }) => {
    const text = `${encode(head)}.${encode(changed)}`;
    return withToken(`${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`);
  };
  const owners = { ...claims, sub: owner.id };
  const none = encode({ alg: "none", typ: "JWT" });
  return [
    ["an edited payload", withToken([header, encode(owners), signature].join("."))],
    ["no algorithm", withToken([none, encode(owners), ""].join("."))],
    ["no algorithm but a signature", withToken([none, payload, signature].join("."))],
    [
      "an algorithm in capitals that is none",
      withToken([encode({ alg: "NONE" }), encode(owners), ""].join(".")),
    ],
    ["another secret", signed(owners, "another-secret-not-real")],
    ["an empty secret", signed(owners, "")],
    ["the publishable key for a secret", signed(owners, TEST_PUBLISHABLE_KEY)],
    [
      "another project's issuer and secret",
      signed({ ...owners, iss: "https://other.test/auth/v1" }, "other-project"),
    ],
    ["a key of its own", signed(owners, "own", { alg: "HS256", typ: "JWT", jwk: { kty: "oct", k: "b3du" } })],
    [
      "a key id that leads elsewhere",
      signed(owners, "", { alg: "HS256", typ: "JWT", kid: "../../../../dev/null" }),
    ],
    ["the right secret, but expired", signed({ ...claims, exp: 1 }, TEST_JWT_SECRET)],
    [
      "the right secret, but no session",
      signed({ ...owners, session_id: undefined, sub: "nobody" }, TEST_JWT_SECRET),
    ],
    ["a signature that is cut", withToken(session.access_token.slice(0, -5))],
    ["a token of four parts", withToken(`${session.access_token}.x`)],
    ["a token with a blank", withToken(`${session.access_token} x`)],
    ["the secret key for a token", withToken(TEST_SECRET_KEY)],
    ["a header smuggled in", withToken("a\r\nX-Injected: 1")],
    ["a token that is no text", withToken({ sub: "x" })],
    ["a token that is a list", withToken([session.access_token])],
    ["no token", withToken(undefined)],
    ["a past end and no right to renew", { ...session, expires_at: 1, refresh_token: "x" }],
    ["a past end and a filter to renew", { ...session, expires_at: 1, refresh_token: "neq.x" }],
    ["no object", "[]"],
    ["null", "null"],
    ["a prototype", '{"__proto__":{"access_token":"x"}}'],
    ["no JSON", "hello"],
  ];
};

/** The stranger's own cookie, as text, broken in many ways. */
const brokenCookies = ({ stranger }: Cast): [string, string][] => {
  const cookie = stranger.cookie.split("; ").find((pair) => pair.startsWith("sb-127-auth-token=")) ?? "";
  const [name = "", value = ""] = cookie.split(/=(.*)/s);
  return [
    ["cut in the middle", cookie.slice(0, cookie.length / 2)],
    ["without its beginning", `${name}=${value.slice(20)}`],
    ["without its mark for base64", `${name}=${value.replace("base64-", "")}`],
    ["in plain base64 with a character that is none", `${name}=${value.slice(0, 40)}*${value.slice(41)}`],
    ["with only its second part", `${name}.1=${value}`],
    ["in parts, one of them missing", `${name}.0=${value.slice(0, 50)}; ${name}.2=${value.slice(50)}`],
    ["in parts in the wrong order", `${name}.0=${value.slice(50)}; ${name}.1=${value.slice(0, 50)}`],
    ["twice", `${cookie}; ${cookie}`],
    ["twice, the first one empty", `${name}=; ${cookie}`],
    ["twice, with a tab before the equals sign", `${cookie}; ${name}\t=${value}`],
    ["whole, and its first part", `${cookie}; ${name}.0=${value.slice(0, 50)}`],
    [
      "in parts, the first one twice",
      `${name}.0=x; ${name}.0=${value.slice(0, 50)}; ${name}.1=${value.slice(50)}`,
    ],
    ["named as over https", `__Host-${cookie}`],
    ["twice, the second one empty", `${cookie}; ${name}=`],
    ["twice, the second one garbage", `${cookie}; ${name}=garbage`],
    ["with escapes that are none", `${name}=%E0%A4%A`],
    ["of a prototype's name", `__proto__=${value}; constructor=${value}`],
  ];
};

/** Who has no session, or only says so. */
export const sessions: Theme = (cast) => {
  const requests = everyRequest(cast);
  const some: [string, string, ReturnType<typeof post>][] = [
    ["a reveal", REVEAL, {}],
    ["a write", "/api/vault", post({ key: KEY, value: ECHO })],
  ];
  const ownOf = (person: Person, cookie: string) => ({ headers: { Cookie: cookie || person.cookie } });
  return [
    ...answered(401, "unauthenticated", [
      ...requests.map((request) => ({
        ...{
          name: `nobody: ${request.label}`,
          path: request.path,
          sending: sendingOf(request),
          who: "nobody" as const,
        },
      })),
      ...some.map(([of, path, sending]) => ({
        ...{ name: `whoever signed out: ${of}`, path, sending, who: "leaver" as const },
      })),
      ...credentials(cast).flatMap(([what, headers, query]) =>
        some.map(([of, path, sending]) => ({
          name: `${what}: ${of}`,
          path: query ? `${path}${path.includes("?") ? "&" : "?"}${query}` : path,
          sending: withHeaders(sending, headers),
          who: "nobody" as const,
        })),
      ),
      ...forgeries(cast).map(([what, content]) => ({
        name: `a session with ${what}`,
        path: REVEAL,
        sending: ownOf(cast.stranger, sessionCookie(content)),
        who: "nobody" as const,
      })),
      ...brokenCookies(cast).map(([what, cookie]) => ({
        ...{
          name: `a cookie ${what}`,
          path: REVEAL,
          sending: ownOf(cast.stranger, cookie),
          who: "nobody" as const,
        },
      })),
    ]),
    // A page that shows somebody else, though the session is fine.
    ...answered(
      409,
      "user_changed",
      requests.flatMap((request) =>
        [cast.stranger.id, "nobody"].map((shown) => ({
          name: `from a page that shows ${shown}: ${request.label}`,
          path: request.path,
          sending: withHeaders(sendingOf(request), { "Vault-Shown-User": shown }),
        })),
      ),
    ),
    // The pages, too, send whoever that is to the login.
    ...forgeries(cast).map(
      ([what, content]): Row => ({
        name: `the dashboard for a session with ${what}`,
        path: "/dashboard",
        sending: ownOf(cast.stranger, sessionCookie(content)),
        who: "nobody",
        status: 307,
      }),
    ),
  ];
};
