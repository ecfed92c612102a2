import { randomUUID } from "node:crypto";
import { post, type Sending } from "../client";
import { type Cast, ECHO, KEY } from "./row";

/** Every address below app/api, with the methods that it has. */
export const ADDRESSES: Record<string, string> = {
  "/api/account/confirmation": "POST",
  "/api/account/deletion": "GET, POST",
  "/api/account/email": "POST",
  "/api/account/factors": "POST, DELETE",
  "/api/account/factors/verify": "POST",
  "/api/account/password": "POST",
  "/api/account/sessions": "DELETE",
  "/api/auth/code": "POST",
  "/api/auth/forgot-password": "POST",
  "/api/auth/links": "POST",
  "/api/auth/new-password": "POST",
  "/api/auth/sign-in": "POST",
  "/api/auth/sign-out": "POST",
  "/api/auth/sign-up": "POST",
  "/api/invites": "POST",
  "/api/invites/accept": "POST",
  "/api/reveal/analyze": "POST",
  "/api/reveal/payers": "GET",
  "/api/reveal/run": "POST",
  "/api/summarize": "POST",
  "/api/teams": "GET, POST",
  "/api/teams/[teamId]": "GET, PATCH, DELETE",
  "/api/teams/[teamId]/invites": "POST",
  "/api/teams/[teamId]/invites/[inviteId]": "DELETE",
  "/api/teams/[teamId]/members/[userId]": "PATCH, DELETE",
  "/api/teams/[teamId]/restore": "POST",
  "/api/usage": "GET",
  "/api/usage/runs": "GET",
  "/api/usage/runs/[id]": "GET",
  "/api/vault": "GET, POST, DELETE",
  "/api/vault/check": "POST",
  "/api/vault/events": "GET",
  "/api/vault/events/export": "GET",
  "/api/vault/events/rotated": "POST",
  "/api/vault/import": "POST",
  "/api/webhooks": "GET, POST, PATCH, DELETE",
  "/api/webhooks/deliveries": "GET",
  "/api/webhooks/resend": "POST",
  "/api/webhooks/secret": "POST",
  "/api/webhooks/test": "POST",
};

/** A request that would be granted to the owner, but for the fault that a row gives it. */
export interface Request {
  /** For the names of rows, without ids. */
  label: string;
  path: string;
  method: string;
  /** What it sends as JSON. */
  body?: object;
  /** The bytes that its body may have. */
  limit?: number;
  /** Whether it changes or reveals something. */
  unsafe: boolean;
}

/** A request as it would be granted. */
export const sendingOf = ({ method, body }: Request): Sending =>
  body ? { ...post(body), method } : { method };

const WEBHOOK_LIMIT = 8_192;
const TEAM_LIMIT = 4_096;
const ACCOUNT_LIMIT = 16_384;
const FACTOR_LIMIT = 1_024;
const ABSENT_ID = randomUUID();

/** Every request that there is, on what the owner has; forms.ts has those that need no session. */
export function everyRequest(cast: Cast): Request[] {
  const { owner, team, webhook: id, delivery, run, member, invite, inviteToken: token } = cast;
  const get = (path: string, label = path): Request => ({
    label: `GET ${label}`,
    path,
    method: "GET",
    unsafe: false,
  });
  const remove = (path: string, label: string): Request => ({
    ...{ label: `DELETE ${label}`, path, method: "DELETE", unsafe: true },
  });
  const write = (method: string, path: string, limit: number, body: object, label = path): Request => ({
    ...{ label: `${method} ${label}`, path, method, limit, body, unsafe: true },
  });
  const [ofTeam, label] = [`/api/teams/${team}`, "/api/teams/[teamId]"];
  return [
    get("/api/vault"),
    get(`/api/vault?key=${KEY}`, "/api/vault?key"),
    { ...get(`/api/vault?key=${KEY}&reveal=true`, "/api/vault?reveal"), unsafe: true },
    { ...get(`/api/vault?key=${KEY}&reveal=true&copy=true`, "/api/vault?copy"), unsafe: true },
    write("POST", "/api/vault", 32_768, { key: KEY, value: ECHO }),
    remove(`/api/vault?key=${KEY}`, "/api/vault?key"),
    write("POST", "/api/vault/import", 262_144, {
      secrets: [{ key: "NEW", value: ECHO, if_updated_at: null }],
    }),
    write("POST", "/api/vault/check", 1_024, { key: KEY }),
    get("/api/vault/events"),
    get("/api/vault/events/export?format=csv", "/api/vault/events/export"),
    write("POST", "/api/vault/events/rotated", 1_024, { team_id: team, key: KEY }),
    write("POST", "/api/reveal/run", 121_000, { prompt: "Sing" }),
    write("POST", "/api/reveal/analyze", 1_201_000, { text: "A song." }),
    write("POST", "/api/summarize", 121_000, { text: "A song." }),
    get("/api/reveal/payers"),
    get("/api/usage"),
    get("/api/usage?format=csv"),
    get("/api/usage/runs"),
    get(`/api/usage/runs/${run}`, "/api/usage/runs/[id]"),
    get("/api/webhooks"),
    { ...get(`/api/webhooks?id=${id}&reveal=true`, "/api/webhooks?reveal"), unsafe: true },
    write("POST", "/api/webhooks", WEBHOOK_LIMIT, { url: "https://127.0.0.1/" }),
    write("PATCH", "/api/webhooks", WEBHOOK_LIMIT, { id, paused: true }),
    remove(`/api/webhooks?id=${id}`, "/api/webhooks?id"),
    get(`/api/webhooks/deliveries?id=${id}`, "/api/webhooks/deliveries?id"),
    write("POST", "/api/webhooks/test", WEBHOOK_LIMIT, { id }),
    write("POST", "/api/webhooks/resend", WEBHOOK_LIMIT, { id, delivery_id: delivery }),
    write("POST", "/api/webhooks/secret", WEBHOOK_LIMIT, { id }),
    write("POST", "/api/account/confirmation", 4_096, { password: owner.password }),
    get("/api/teams"),
    write("POST", "/api/teams", TEAM_LIMIT, { name: "New" }),
    get(ofTeam, label),
    write("PATCH", ofTeam, TEAM_LIMIT, { name: "Taken over" }, label),
    remove(ofTeam, label),
    write("POST", `${ofTeam}/invites`, TEAM_LIMIT, {}, `${label}/invites`),
    remove(`${ofTeam}/invites/${invite}`, `${label}/invites/[inviteId]`),
    write(
      "PATCH",
      `${ofTeam}/members/${member.id}`,
      TEAM_LIMIT,
      { role: "admin" },
      `${label}/members/[userId]`,
    ),
    remove(`${ofTeam}/members/${member.id}`, `${label}/members/[userId]`),
    write("POST", `${ofTeam}/restore`, TEAM_LIMIT, {}, `${label}/restore`),
    write("POST", "/api/account/factors", FACTOR_LIMIT, {}),
    write("POST", "/api/account/factors/verify", FACTOR_LIMIT, { id: ABSENT_ID, code: "123456" }),
    remove(`/api/account/factors?id=${ABSENT_ID}`, "/api/account/factors?id"),
    write("POST", "/api/invites", TEAM_LIMIT, { token }),
    write("POST", "/api/invites/accept", TEAM_LIMIT, { token }),
    get("/api/account/deletion"),
    write("POST", "/api/account/password", ACCOUNT_LIMIT, {
      current_password: ECHO,
      new_password: "a-longer-test-password",
    }),
    write("POST", "/api/account/email", ACCOUNT_LIMIT, { email: "nobody@example.com" }),
    remove("/api/account/sessions?scope=others", "/api/account/sessions?scope"),
    write("POST", "/api/account/deletion", ACCOUNT_LIMIT, { password: ECHO, teams: [] }),
  ];
}

/** What a team's request is about: its label, address and content. The role that it needs is an admin's, or any. */
export interface TeamRequest {
  label: string;
  path: string;
  sending: Sending;
  adminOnly: boolean;
}

/** Every request that names a team in its query or body. */
export function everyTeamRequest(team_id: string): TeamRequest[] {
  const any = (label: string, path: string, sending: Sending = {}): TeamRequest => ({
    ...{ label, path, sending, adminOnly: false },
  });
  const admins = (...request: Parameters<typeof any>): TeamRequest => ({
    ...any(...request),
    adminOnly: true,
  });
  const one = { id: ABSENT_ID, team_id };
  return [
    any("list", `/api/vault?team_id=${team_id}`),
    any("read", `/api/vault?team_id=${team_id}&key=${KEY}`),
    admins("reveal", `/api/vault?team_id=${team_id}&key=${KEY}&reveal=true`),
    admins("copy", `/api/vault?team_id=${team_id}&key=${KEY}&reveal=true&copy=true`),
    admins("delete", `/api/vault?team_id=${team_id}&key=${KEY}`, { method: "DELETE" }),
    admins("set", "/api/vault", post({ key: KEY, value: ECHO, team_id })),
    admins("describe", "/api/vault", post({ key: KEY, category: "Email", team_id })),
    admins(
      "import",
      "/api/vault/import",
      post({ secrets: [{ key: "NEW", value: ECHO, if_updated_at: null }], team_id }),
    ),
    any("check", "/api/vault/check", post({ key: KEY, team_id })),
    admins("events", `/api/vault/events?team_id=${team_id}`),
    admins("export events", `/api/vault/events/export?format=csv&team_id=${team_id}`),
    admins("confirm a rotation", "/api/vault/events/rotated", post({ key: KEY, team_id })),
    any("run", "/api/reveal/run", post({ prompt: "Sing", team_id })),
    any("run on its key", "/api/reveal/run", post({ prompt: "Sing", team_id, source: "team" })),
    any("analyze", "/api/reveal/analyze", post({ text: "A song.", team_id })),
    any(
      "analyze on the platform's key",
      "/api/reveal/analyze",
      post({ text: "A song.", team_id, source: "env" }),
    ),
    any("summarize", "/api/summarize", post({ text: "A song.", team_id })),
    any("payers", `/api/reveal/payers?team_id=${team_id}`),
    any("usage", `/api/usage?team_id=${team_id}`),
    any("usage as CSV", `/api/usage?team_id=${team_id}&format=csv`),
    any("runs", `/api/usage/runs?team_id=${team_id}`),
    admins("list webhooks", `/api/webhooks?team_id=${team_id}`),
    admins("reveal an address", `/api/webhooks?team_id=${team_id}&id=${ABSENT_ID}&reveal=true`),
    admins("add a webhook", "/api/webhooks", post({ url: "https://127.0.0.1/", team_id })),
    admins("change a webhook", "/api/webhooks", { ...post({ ...one, paused: true }), method: "PATCH" }),
    admins("delete a webhook", `/api/webhooks?team_id=${team_id}&id=${ABSENT_ID}`, { method: "DELETE" }),
    admins("list deliveries", `/api/webhooks/deliveries?team_id=${team_id}&id=${ABSENT_ID}`),
    admins("test a webhook", "/api/webhooks/test", post(one)),
    admins("resend", "/api/webhooks/resend", post({ ...one, delivery_id: ABSENT_ID })),
    admins("new signing secret", "/api/webhooks/secret", post(one)),
  ];
}

/** Every request of a team's own addresses. */
export function everyAddressOf(team: string, user: string, invite: string): TeamRequest[] {
  const path = `/api/teams/${team}`;
  const remove: Sending = { method: "DELETE" };
  const patch = (body: object): Sending => ({ ...post(body), method: "PATCH" });
  const admins = (label: string, path: string, sending: Sending): TeamRequest => ({
    label,
    path,
    sending,
    adminOnly: true,
  });
  return [
    { label: "look at it", path, sending: {}, adminOnly: false },
    admins("rename it", path, patch({ name: "Taken over" })),
    admins("change its policy", path, patch({ key_policy: "own" })),
    admins("change its budget", path, patch({ monthly_usd: 1 })),
    admins("set a member's budget", `${path}/members/${user}`, patch({ monthly_usd: 1 })),
    admins("make an admin", `${path}/members/${user}`, patch({ role: "admin" })),
    admins("invite", `${path}/invites`, post({ role: "admin" })),
    admins("withdraw an invitation", `${path}/invites/${invite}`, remove),
    admins("remove a member", `${path}/members/${user}`, remove),
    admins("delete it", path, remove),
  ];
}

/** Every request on one webhook. */
export function everyWebhookRequest(id: string, delivery_id: string): TeamRequest[] {
  const any = (label: string, path: string, sending: Sending = {}) => ({
    label,
    path,
    sending,
    adminOnly: false,
  });
  return [
    any("list deliveries", `/api/webhooks/deliveries?id=${id}`),
    any("reveal its address", `/api/webhooks?id=${id}&reveal=true`),
    any("change it", "/api/webhooks", { ...post({ id, paused: true }), method: "PATCH" }),
    any("test it", "/api/webhooks/test", post({ id })),
    any("resend", "/api/webhooks/resend", post({ id, delivery_id })),
    any("new signing secret", "/api/webhooks/secret", post({ id })),
    any("delete it", `/api/webhooks?id=${id}`, { method: "DELETE" }),
  ];
}
