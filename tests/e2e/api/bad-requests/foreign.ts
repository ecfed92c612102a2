import { randomUUID } from "node:crypto";
import { post, type Sending } from "../client";
import { everyAddressOf, everyTeamRequest, everyWebhookRequest, type TeamRequest } from "./addresses";
import { ABSENT, answered, KEY, type Row, type Theme, type Who } from "./row";

/** Requests on something of somebody else's, each with the same one on nothing, which has to get the same reply. */
const asNothing = (
  what: string,
  who: Who,
  theirs: TeamRequest[],
  nothing: TeamRequest[],
): Omit<Row, "status">[] =>
  theirs.map(({ label, path, sending }, index) => {
    const same = nothing[index];
    if (same?.label !== label) throw new Error(`There is no other request to compare “${label}” with.`);
    return {
      name: `${what}: ${label}`,
      path,
      sending,
      who,
      same: { path: same.path, sending: same.sending },
    };
  });

/** Ids of what is somebody else's, of another kind, or for whom one's role is not enough. */
export const foreign: Theme = (cast) => {
  const { owner, member, stranger, team, webhook, teamWebhook, delivery, run, invite, strangersInvite } =
    cast;
  const nothing = randomUUID();
  const noTeam = everyTeamRequest(nothing);
  const noWebhook = everyWebhookRequest(nothing, delivery);
  const remove: Sending = { method: "DELETE" };
  const accept = (token: string): Sending => post({ token });
  const invitation = { path: "/api/invites", sending: accept("A".repeat(43)) };
  const one = (name: string, path: string, sending: Sending, same: Row["same"], who: Who = "owner") => ({
    ...{ name, path, sending, who, ...(same && { same }) },
  });
  const resend = (id: string, delivery_id: string) => post({ id, delivery_id });
  const noRun = { path: `/api/usage/runs/${nothing}`, sending: {} };
  const nowhere = { path: "/api/webhooks/resend", sending: resend(webhook, nothing) };
  return [
    ...answered(404, "team_not_found", [
      ...asNothing("a foreign team", "stranger", everyTeamRequest(team), noTeam),
      ...asNothing(
        "a foreign team itself",
        "stranger",
        everyAddressOf(team, member.id, invite),
        everyAddressOf(nothing, member.id, invite),
      ),
      ...asNothing("a person's id for a team", "owner", everyTeamRequest(owner.id), noTeam),
      ...asNothing(
        "a webhook's id for a team",
        "owner",
        everyAddressOf(webhook, member.id, invite),
        everyAddressOf(nothing, member.id, invite),
      ),
    ]),
    ...answered(404, "webhook_not_found", [
      ...asNothing("somebody's webhook", "stranger", everyWebhookRequest(webhook, delivery), noWebhook),
      ...asNothing(
        "a team's webhook, by a stranger",
        "stranger",
        everyWebhookRequest(teamWebhook, delivery),
        noWebhook,
      ),
      ...asNothing(
        "a team's webhook as one's own",
        "owner",
        everyWebhookRequest(teamWebhook, delivery),
        noWebhook,
      ),
      ...asNothing(
        "a delivery's id for a webhook",
        "member",
        everyWebhookRequest(delivery, delivery),
        noWebhook,
      ),
      one("one's own webhook as the team's", `/api/webhooks?id=${webhook}&team_id=${team}`, remove, {
        path: `/api/webhooks?id=${nothing}&team_id=${team}`,
        sending: remove,
      }),
    ]),
    ...answered(404, "delivery_not_found", [
      one("a webhook's id for a delivery", "/api/webhooks/resend", resend(webhook, webhook), nowhere),
      one("a delivery that is not kept", "/api/webhooks/resend", resend(webhook, randomUUID()), nowhere),
      one(
        "the delivery of one's own webhook by the team's",
        "/api/webhooks/resend",
        post({ id: teamWebhook, delivery_id: delivery, team_id: team }),
        nowhere,
      ),
    ]),
    ...answered(404, "run_not_found", [
      one("somebody's run", `/api/usage/runs/${run}`, {}, noRun, "stranger"),
      one("a fellow member's run", `/api/usage/runs/${run}`, {}, noRun, "member"),
      one("a webhook's id for a run", `/api/usage/runs/${webhook}`, {}, noRun),
    ]),
    ...answered(409, "run_exists", [
      one("one's own run again", "/api/reveal/run", post({ id: run, prompt: "Sing" }), undefined),
    ]),
    ...answered(404, "invite_not_found", [
      one("another team's invitation", `/api/teams/${team}/invites/${strangersInvite}`, remove, {
        path: `/api/teams/${team}/invites/${nothing}`,
        sending: remove,
      }),
      one("a member's id for an invitation", `/api/teams/${team}/invites/${member.id}`, remove, {
        path: `/api/teams/${team}/invites/${nothing}`,
        sending: remove,
      }),
      one("an invitation's id for its token", "/api/invites", accept(invite), invitation, "stranger"),
      one("a team's id for a token", "/api/invites", accept(team), invitation, "stranger"),
      one("half a token", "/api/invites", accept(cast.inviteToken.slice(0, 30)), invitation, "stranger"),
      one(
        "a token in small letters",
        "/api/invites",
        accept(cast.inviteToken.toLowerCase()),
        invitation,
        "stranger",
      ),
      one("a filter for a token", "/api/invites", accept(`neq.${invite}`), invitation, "stranger"),
      one("an injected token", "/api/invites", accept("%00' or 1=1 --"), invitation, "stranger"),
      one("half a token, accepted", "/api/invites/accept", accept(cast.inviteToken.slice(0, 30)), {
        path: "/api/invites/accept",
        sending: accept("A".repeat(43)),
      }),
    ]),
    ...answered(404, "member_not_found", [
      one("a stranger in one's own team", `/api/teams/${team}/members/${stranger.id}`, remove, {
        path: `/api/teams/${team}/members/${nothing}`,
        sending: remove,
      }),
      one(
        "a promoted stranger",
        `/api/teams/${team}/members/${stranger.id}`,
        { ...post({ role: "admin" }), method: "PATCH" },
        {
          path: `/api/teams/${team}/members/${nothing}`,
          sending: { ...post({ role: "admin" }), method: "PATCH" },
        },
      ),
    ]),
    ...answered(403, "team_role_required", [
      ...[...everyTeamRequest(team), ...everyAddressOf(team, owner.id, invite)]
        .filter(({ adminOnly }) => adminOnly)
        .map(({ label, path, sending }) => ({
          name: `a member: ${label}`,
          path,
          sending,
          who: "member" as const,
        })),
      {
        ...{
          name: "a member: promote oneself",
          path: `/api/teams/${team}/members/${member.id}`,
          who: "member" as const,
        },
        sending: { ...post({ role: "admin" }), method: "PATCH" },
      },
    ]),
    ...answered(409, "last_admin", [
      { name: "the only admin leaves", path: `/api/teams/${team}/members/${owner.id}`, sending: remove },
      {
        ...{ name: "the only admin steps down", path: `/api/teams/${team}/members/${owner.id}` },
        sending: { ...post({ role: "member" }), method: "PATCH" },
      },
    ]),
    ...answered(404, "secret_not_found", [
      { name: "a secret that is not there", path: `/api/vault?key=${ABSENT}` },
      { name: "a reveal of what is not there", path: `/api/vault?key=${ABSENT}&reveal=true` },
      { name: "a deletion of what is not there", path: `/api/vault?key=${ABSENT}`, sending: remove },
      { name: "somebody's secret", path: `/api/vault?key=${KEY}`, who: "member" },
      { name: "a reveal of somebody's secret", path: `/api/vault?key=${KEY}&reveal=true`, who: "member" },
      {
        name: "a deletion of somebody's secret",
        path: `/api/vault?key=${KEY}`,
        sending: remove,
        who: "member",
      },
      { name: "a reveal of the platform's key", path: "/api/vault?key=ANTHROPIC_API_KEY&reveal=true" },
      { name: "a reveal of the master key", path: "/api/vault?key=VAULT_MASTER_KEY&reveal=true" },
      { name: "a reveal of the environment", path: "/api/vault?key=SUPABASE_SECRET_KEY&reveal=true" },
    ]),
  ];
};
