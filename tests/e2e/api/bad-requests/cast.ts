import { randomUUID } from "node:crypto";
import { as, askDatabase, expectOk, newPerson, newTeam, type Person, post } from "../client";
import { type Cast, KEY, VALUE } from "./row";

/** People and teams that no bad request may change anything of. */
export async function newCast(): Promise<Cast> {
  const people = [newPerson(), newPerson(), newPerson(), newPerson()] as const;
  const [owner, member, stranger, leaver] = await Promise.all(people);
  const [team, strangersTeam] = await Promise.all([
    newTeam({ admin: owner, member }),
    newTeam({ admin: stranger }),
  ]);
  const make = async (person: Person, path: string, body: object) =>
    expectOk(await as(person)(path, post(body)), 201);
  const secret = { key: KEY, value: VALUE };
  await make(owner, "/api/vault", secret);
  await make(stranger, "/api/vault", secret);
  await make(owner, "/api/vault", { ...secret, team_id: team });
  // Nothing listens there, and nothing that happens here is told to them.
  const quiet = { url: "https://127.0.0.1:9/hook", events: ["reveal.failed"] };
  const webhook = await make(owner, "/api/webhooks", quiet);
  const teamWebhook = await make(owner, "/api/webhooks", { ...quiet, team_id: team });
  const delivery = expectOk(await as(owner)("/api/webhooks/test", post({ id: webhook.id })));
  const invite = await make(owner, `/api/teams/${team}/invites`, {});
  const strangersInvite = await make(stranger, `/api/teams/${strangersTeam}/invites`, {});
  const run = randomUUID();
  expectOk(await as(owner)("/api/reveal/analyze", post({ id: run, text: "A song." })));
  await leaver.signOut();
  return {
    ...{ owner, member, stranger, leaver, team, strangersTeam },
    webhook: webhook.id,
    delivery: delivery.id,
    run,
    teamWebhook: teamWebhook.id,
    invite: invite.id,
    inviteToken: invite.url.slice(invite.url.indexOf("#") + 1),
    strangersInvite: strangersInvite.id,
  };
}

/** As the text that the database answers with: all that is done with it is to compare. */
async function rows(path: string): Promise<string> {
  const { status, text } = await askDatabase(`/rest/v1/${path}`);
  if (status !== 200) throw new Error(`The database answers ${status}: ${text}`);
  return text;
}

const listed = (ids: string[]) => `in.(${ids.join(",")})`;
const peopleOf = ({ owner, member, stranger, leaver }: Cast) =>
  [owner, member, stranger, leaver].map(({ id }) => id);
const teamsOf = ({ team, strangersTeam }: Cast) => [team, strangersTeam];

/** Every secret of these people and teams, with all columns, the ciphertext too. */
export const secretsOf = (cast: Cast) =>
  rows(`vault_secrets?owner_id=${listed([...peopleOf(cast), ...teamsOf(cast)])}&order=id`);

/** Every row of these people and teams, in all tables. */
export function everythingOf(cast: Cast) {
  const [people, teams] = [listed(peopleOf(cast)), listed(teamsOf(cast))];
  const theirs = `or=(user_id.${people},team_id.${teams})`;
  return Promise.all([
    secretsOf(cast),
    rows(`teams?id=${teams}&order=id`),
    rows(`team_members?${theirs}&order=team_id,user_id`),
    rows(`team_invites?team_id=${teams}&order=id`),
    rows(`webhooks?${theirs}&order=id`),
    rows(`webhook_deliveries?webhook_id=${listed([cast.webhook, cast.teamWebhook])}&order=id`),
    rows(`reveal_runs?${theirs}&order=id`),
    rows(`vault_events?actor_id=${people}&order=id`),
  ]);
}

/** What the owner, the stranger and the team have stored. */
export async function valuesOf({ owner, stranger, team }: Cast): Promise<unknown[]> {
  const path = `/api/vault?key=${KEY}&reveal=true`;
  const replies = [as(owner)(path), as(stranger)(path), as(owner)(`${path}&team_id=${team}`)];
  return (await Promise.all(replies)).map((reply) => expectOk(reply).value);
}
