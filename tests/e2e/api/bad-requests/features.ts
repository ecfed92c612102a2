import { randomUUID } from "node:crypto";
import { JSON_TYPE, post, type Sending } from "../client";
import { everyWebhookRequest } from "./addresses";
import { answered, ECHO, type Row, type Theme } from "./row";

const HOOK = "https://127.0.0.1/";

const WEBHOOKS: Record<string, object> = {
  "no text": { url: 1 },
  "no URL": { url: ECHO },
  "another protocol": { url: `ftp://example.com/${ECHO}` },
  "a script": { url: `javascript:alert("${ECHO}")` },
  "a user name": { url: `https://${ECHO}@example.com/` },
  "a password": { url: `https://:${ECHO}@example.com/` },
  "an address of 2,049 characters": { url: `https://example.com/${ECHO}`.padEnd(2049, "x") },
  "an address that is too long once it is encoded": { url: `https://example.com/${"ü".repeat(400)}` },
  "a list of addresses": { url: [HOOK] },
  "no events": { url: HOOK, events: [] },
  "an unknown event": { url: HOOK, events: [ECHO] },
  "the test's event": { url: HOOK, events: ["webhook.test"] },
  "one event for a list": { url: HOOK, events: "reveal.failed" },
  "an event of a prototype's name": { url: HOOK, events: ["__proto__"] },
  "a description of two lines": { url: HOOK, description: `${ECHO}\n${ECHO}` },
  "a description of 501 characters": { url: HOOK, description: "x".repeat(501) },
  "a description with half a character": { url: HOOK, description: `${ECHO}\ud800` },
  "a signing secret": { url: HOOK, secret: `whsec_${ECHO}` },
  "a user_id": { url: HOOK, user_id: randomUUID() },
  "a count of failures": { url: HOOK, failures: 0 },
  "a filter for a team": { url: HOOK, team_id: `neq.${randomUUID()}` },
};

const NAMES: [string, unknown][] = [
  ["no text", 7],
  ["nothing", null],
  ["a list", [ECHO]],
  ["an empty name", ""],
  ["only blanks", "   "],
  ["81 characters", "x".repeat(81)],
  ["two lines", `${ECHO}\n${ECHO}`],
  ["a NUL", "nul\u0000"],
  ["a turn of the writing", "turned \u202e round"],
  ["nothing that is seen", "\u200d"],
  ["half a character", `${ECHO}\ud800`],
];

/** What teams, invitations and webhooks do not take. */
export const features: Theme = ({ team, member, invite, webhook, delivery }) => {
  const patch = (body: unknown): Sending => ({ ...post(body), method: "PATCH" });
  const remove: Sending = { method: "DELETE" };
  const ofTeam = `/api/teams/${team}`;
  const ofMember = `${ofTeam}/members/${member.id}`;
  const rows: [string, string, Sending?][] = [
    ["a webhook with no address", "/api/webhooks", post({})],
    ...Object.entries(WEBHOOKS).flatMap(([what, body]): [string, string, Sending][] => [
      [`a webhook with ${what}`, "/api/webhooks", post(body)],
      [`a changed webhook with ${what}`, "/api/webhooks", patch({ id: webhook, ...body })],
    ]),
    ...[
      ["an empty id", ""],
      ["a number", "1"],
      ["a filter", `eq.${webhook}`],
      ["two ids", `${webhook},${webhook}`],
      ["a prototype's name", "__proto__"],
    ].flatMap(([what, id = ""]) =>
      everyWebhookRequest(id, delivery).map(({ label, path, sending }): [string, string, Sending] => [
        ...([`${what} for a webhook: ${label}`, path, sending] as const),
      ]),
    ),
    ["a pause that is no yes or no", "/api/webhooks", patch({ id: webhook, paused: "true" })],
    ["a resend of nothing", "/api/webhooks/resend", post({ id: webhook })],
    ["a resend of a number", "/api/webhooks/resend", post({ id: webhook, delivery_id: "1" })],
    [
      "a resend with a payload",
      "/api/webhooks/resend",
      post({ id: webhook, delivery_id: delivery, payload: ECHO }),
    ],
    ["a test of an address", "/api/webhooks/test", post({ id: webhook, url: HOOK })],
    ["a signing secret of one's own", "/api/webhooks/secret", post({ id: webhook, secret: "whsec_test" })],

    ...NAMES.map(([what, name]): [string, string, Sending] => [
      `a team named with ${what}`,
      "/api/teams",
      post({ name }),
    ]),
    ...NAMES.map(([what, name]): [string, string, Sending] => [
      `a team renamed with ${what}`,
      ofTeam,
      patch({ name }),
    ]),
    ["a team of somebody's", "/api/teams", post({ name: "Team", created_by: member.id })],
    ["a list for a team", "/api/teams", post([ECHO])],
    [
      "half a JSON for a team",
      "/api/teams",
      { method: "POST", headers: JSON_TYPE, body: `{"name":"${ECHO}` },
    ],
    ["a team with an id and a condition", `${ofTeam},or(id.eq.${team})`, remove],
    ["a member of no form", `${ofTeam}/members/${ECHO}`, remove],
    ["an invitation of no form", `${ofTeam}/invites/${ECHO}`, remove],
    ["an invitation with a filter", `${ofTeam}/invites/neq.${invite}`, remove],
    ["a change of nothing in a team", ofTeam, patch({})],
    ["an unknown policy", ofTeam, patch({ key_policy: ECHO })],
    ["a budget of text", ofTeam, patch({ monthly_usd: ECHO })],
    ["a default budget below nothing", ofTeam, patch({ member_monthly_usd: -0.01 })],
    ["a member's budget of a thousandth", ofMember, patch({ monthly_usd: 0.001 })],
    ["an unknown member of a team", ofTeam, patch({ [ECHO]: 1 })],
    ["another id for a team", ofTeam, patch({ name: "Team", id: randomUUID() })],
    ["an unknown role", ofMember, patch({ role: ECHO })],
    ["a role of a prototype's name", ofMember, patch({ role: "constructor" })],
    ["no role", ofMember, patch({})],
    ["a role for somebody else", ofMember, patch({ role: "admin", user_id: randomUUID() })],
    ["an invitation of an owner", `${ofTeam}/invites`, post({ role: "owner" })],
    ["an invitation for ever", `${ofTeam}/invites`, post({ expires_at: "2999-01-01" })],
    ...["/api/invites", "/api/invites/accept"].flatMap((path): [string, string, Sending][] => [
      [`${path} without a token`, path, post({})],
      [`${path} with an empty token`, path, post({ token: "" })],
      [`${path} with a number for a token`, path, post({ token: 1 })],
      [`${path} with a token of 201 characters`, path, post({ token: "x".repeat(201) })],
      [`${path} with a team`, path, post({ token: ECHO, team_id: team })],
    ]),
  ];
  return answered(
    400,
    "invalid_request",
    rows.map(
      ([name, path, sending]): Omit<Row, "status" | "code"> => ({ name, path, ...(sending && { sending }) }),
    ),
  );
};
