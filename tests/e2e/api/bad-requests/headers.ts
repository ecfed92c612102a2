import type { OutgoingHttpHeaders } from "node:http";
import { APP_URL } from "../../../support/ports";
import { post } from "../client";
import { ABSENT, answered, ECHO, KEY, type Row, type Theme, withHeaders } from "./row";

/** Headers that proxies, frameworks and Next itself give a meaning to. Here they have none. */
const WITHOUT_MEANING: OutgoingHttpHeaders[] = [
  { Host: "evil.test" },
  { Host: "" },
  { Host: "evil.test/x?y#z" },
  { Host: "[::1" },
  { "X-Forwarded-Host": "evil.test" },
  { "X-Forwarded-Host": "a b, c" },
  { "X-Forwarded-Proto": "https" },
  { "X-Forwarded-Proto": "javascript" },
  { "X-Forwarded-Port": "x" },
  { "X-Forwarded-For": "127.0.0.1" },
  { Forwarded: "host=evil.test;proto=https" },
  { "X-Original-URL": "/api/teams" },
  { "X-Rewrite-URL": "/api/teams" },
  { "X-HTTP-Method-Override": "DELETE" },
  { "X-HTTP-Method": "DELETE", "X-Method-Override": "PUT" },
  { "x-middleware-subrequest": "proxy" },
  { "x-middleware-rewrite": "/api/teams" },
  { "x-middleware-next": "1", "x-middleware-override-headers": "cookie", "x-middleware-request-cookie": "" },
  { "x-middleware-set-cookie": "a=b" },
  { "x-matched-path": "/dashboard" },
  { "x-invoke-path": "/dashboard", "x-invoke-status": "200" },
  { "x-now-route-matches": "1=x" },
  { "x-prerender-revalidate": "x" },
  { "next-action": "0".repeat(42) },
  { "x-session-renewal-unknown": "1" },
  { "next-resume": "1" },
  { "next-router-prefetch": "1" },
  { "x-nextjs-data": "1" },
  { Range: "bytes=0-1" },
  { "If-None-Match": "*", "If-Modified-Since": "Wed, 21 Oct 2099 07:28:00 GMT" },
  { Accept: "text/html" },
  { "Accept-Language": "x".repeat(5_000) },
];

/** Headers that are answered before any code of ours; they get a client nothing but this. */
const NEXTS_OWN: [OutgoingHttpHeaders, number][] = [
  [{ RSC: "1" }, 307],
  [{ RSC: "1", "next-router-prefetch": "1" }, 307],
  [{ "x-middleware-prefetch": "1" }, 200],
];

/** Games with headers: the fault is told as it is without them, and nobody becomes somebody else. */
export const headers: Theme = () => [
  ...WITHOUT_MEANING.flatMap((sent): Row[] => {
    const what = JSON.stringify(sent).slice(0, 90);
    const write = post({ key: "small", value: ECHO });
    return [
      ...answered(404, "secret_not_found", [
        { name: `${what}: absent`, path: `/api/vault?key=${ABSENT}&reveal=true`, sending: { headers: sent } },
      ]),
      ...answered(400, "invalid_request", [
        { name: `${what}: malformed`, path: "/api/vault", sending: withHeaders(write, sent) },
      ]),
      ...answered(401, "unauthenticated", [
        {
          name: `${what}: nobody`,
          path: `/api/vault?key=${KEY}&reveal=true`,
          sending: { headers: sent },
          who: "nobody",
        },
      ]),
    ];
  }),
  ...NEXTS_OWN.flatMap(([sent, status]): Row[] => {
    const what = JSON.stringify(sent);
    const write = withHeaders(post({ key: KEY, value: ECHO }), sent);
    return [
      {
        name: `${what}: reveal`,
        path: `/api/vault?key=${KEY}&reveal=true`,
        sending: { headers: sent },
        status,
      },
      { name: `${what}: write`, path: "/api/vault", sending: write, status },
      {
        name: `${what}: delete`,
        path: `/api/vault?key=${KEY}`,
        sending: { method: "DELETE", headers: sent },
        status,
      },
    ];
  }),
  ...answered(403, "cross_origin", [
    {
      name: "a forged Host and Origin beside a true X-Forwarded-Host",
      path: "/api/vault",
      sending: post(
        { key: KEY, value: ECHO },
        { Host: "evil.test", "X-Forwarded-Host": new URL(APP_URL).host, Origin: "http://evil.test" },
      ),
    },
  ]),
];
