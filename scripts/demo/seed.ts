import { randomBytes } from "node:crypto";
import {
  addKeys,
  damage,
  FORMER_ADMIN_KEYS,
  MEMBER_KEYS,
  NO_CREDIT_KEYS,
  OWN_KEYS,
  REFUSED_KEYS,
  TEAM_KEYS,
  UNREADABLE,
} from "./keys.ts";
import { fillLedger } from "./ledger.ts";
import { EMAILS, type Person, signUp } from "./people.ts";
import { daysAgo, type Place } from "./place.ts";
import { addWebhooks } from "./webhooks.ts";

/** The team with everything in it. */
export const TEAM = "Cartography";
/** The team whose key the provider refuses, and the one whose key has no credit left. */
export const REFUSED_TEAM = "Field notes";
export const NO_CREDIT_TEAM = "Old maps";

/**
 * Fills an empty database with what the README's pictures show: an admin and a member of a team, keys in every state, a
 * month of runs, and webhooks with deliveries. What is encrypted goes through the app, so that it is stored as anything
 * else is; what has to be in the past is written into the database.
 *
 * @returns the id of {@link TEAM}
 * @throws StartProblem where the app refuses something, or an account is there already
 */
export async function seed(place: Place): Promise<{ teamId: string }> {
  const admin = await signUp(place, EMAILS.admin);
  const member = await signUp(place, EMAILS.member);
  const former = await signUp(place, EMAILS.former);

  const teamId = await addTeam(place, TEAM, admin, member);
  await join(place, teamId, admin, former, "admin");
  await addKeys(place, former, FORMER_ADMIN_KEYS, teamId);
  await place.database
    .rpc("remove_member", { actor: admin.id, for_team: teamId, for_user: former.id })
    .throwOnError();
  await addKeys(place, admin, TEAM_KEYS, teamId);
  const refusedTeamId = await addTeam(place, REFUSED_TEAM, admin, member);
  await addKeys(place, admin, REFUSED_KEYS, refusedTeamId);
  const noCreditTeamId = await addTeam(place, NO_CREDIT_TEAM, admin, member);
  await addKeys(place, admin, NO_CREDIT_KEYS, noCreditTeamId);
  await addKeys(place, admin, OWN_KEYS);
  await damage(place, admin, UNREADABLE, "GITHUB_TOKEN");
  await addKeys(place, member, MEMBER_KEYS);

  const people = { adminId: admin.id, memberId: member.id };
  await fillLedger(place, { ...people, teamId, refusedTeamId, noCreditTeamId });
  // Last: nothing that came before is sent to them.
  await addWebhooks(place, admin, teamId);
  return { teamId };
}

async function addTeam(place: Place, name: string, admin: Person, member: Person): Promise<string> {
  const { data } = await place.database
    .from("teams")
    .insert({ name, created_by: admin.id })
    .select("id")
    .single()
    .throwOnError();
  await join(place, data.id, admin, member, "member");
  const since = { created_at: daysAgo(60) };
  await place.database.from("teams").update(since).eq("id", data.id).throwOnError();
  await place.database.from("team_members").update(since).eq("team_id", data.id).throwOnError();
  return data.id;
}

/** By an invitation, so that the activity says who invited whom. */
async function join(
  { database }: Place,
  team_id: string,
  admin: Person,
  person: Person,
  role: "admin" | "member",
): Promise<void> {
  const token_hash = randomBytes(32).toString("hex");
  const { data } = await database
    .from("team_invites")
    .insert({ team_id, created_by: admin.id, role, label: person.email, token_hash })
    .select("id")
    .single()
    .throwOnError();
  await database.rpc("accept_invite", { for_invite: data.id, person: person.id }).throwOnError();
}
