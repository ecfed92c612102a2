import { post } from "../client";
import { answered, ECHO, KEY, type Row, type Theme } from "./row";

const QUERY = `key=${KEY}&reveal=true`;
const add = (path: string, query: string) => `${path}${path.includes("?") ? "&" : "?"}${query}`;

/** Written otherwise, and read as /api/vault by Next: so the guards have to be there as well. */
const SAME = ["/api/./vault", "/api/x/../vault", "/api/%2e/vault", "/api/%2e%2e/api/vault", "/./api/vault"];
/** Sent on to the plain address of the same server. */
const REDIRECTED = [
  "//api/vault",
  "/api//vault",
  "/api/vault/",
  "/api/vault//",
  "/api/vault/.",
  "/api\\vault",
  "/api/vault/check/",
  "///evil.test/%2e%2e",
];
const NOT_THERE = [
  "/API/VAULT",
  "/api/Vault",
  "/api/vault%2f",
  "/api%2fvault",
  "/api/v%61ult",
  "/api/vault;x=1",
  "/api/vault%00",
  "/api/vault%20",
  "/api/vault%0a",
  "/api/vault%3Fkey=x",
  "/api/vault.json",
  "/api/vault.rsc",
  "/api/vault/route",
  "/api/vault/index",
  "/api/vault/unknown",
  "/api/vault/__proto__",
  "/api/__proto__",
  "/api/constructor",
  "/api",
  "/api/reveal",
  "/api/teams/x/members",
  "/en/api/vault",
  "/_next/data/x/api/vault.json",
  "/%",
  "/api/%E0%A4%A",
  "/api/%zz",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/..%2f..%2f.env.local",
  "/.env.local",
  "/_next/static/../../.env.local",
  "/_next/static/..%2f..%2fserver%2fapp",
  "/.git/config",
  "/rest/v1/vault_secrets",
  "/auth/v1/user",
  "/_system/health",
];

/** Addresses that are written in a way that another part of a server might read differently. */
export const paths: Theme = () => {
  const write = post({ key: KEY, value: ECHO });
  return [
    ...SAME.flatMap((path): Row[] => [
      ...answered(401, "unauthenticated", [
        { name: `${path}: a reveal by nobody`, path: add(path, QUERY), who: "nobody" },
        { name: `${path}: a write by nobody`, path, sending: write, who: "nobody" },
      ]),
      ...answered(403, "cross_origin", [
        {
          name: `${path}: a reveal from elsewhere`,
          path: add(path, QUERY),
          sending: { headers: { Origin: "null" } },
        },
      ]),
    ]),
    ...REDIRECTED.flatMap((path): Row[] => [
      { name: `${path}: a reveal`, path: add(path, QUERY), status: 308 },
      { name: `${path}: a write`, path, sending: write, status: 308 },
    ]),
    ...NOT_THERE.map(
      (path): Row => ({
        name: path,
        path: add(path, QUERY),
        status: 404,
        // Elsewhere it is a page that says so.
        code: path.startsWith("/api/") ? "address_not_found" : undefined,
      }),
    ),
    {
      name: "a picture of a secret",
      path: `/_next/image?url=%2Fapi%2Fvault%3Fkey=${KEY}&w=64&q=75`,
      status: 404,
    },
    ...answered(
      400,
      "invalid_request",
      ["x", "__proto__", "constructor", "%00", "%E0%A4%A", "%zz", "1", "..%2f..", "eq.x"].map((id) => ({
        ...{ name: `a team called ${id}`, path: `/api/teams/${id}` },
      })),
    ),
  ];
};
