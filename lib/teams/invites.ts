import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { readEmails } from "../auth/profiles";
import { env } from "../env";
import { adminClient } from "../supabase/admin";
import { explainRefusal } from "../supabase/refusal";
import { vaultProblem } from "../vault/errors";
import { utcTime } from "../vault/schema";
import { teamProblem } from "./errors";
import { getTeamRole, requireTeam } from "./membership";
import { TEAM_LIMIT_REACHED } from "./teams";
import type { InvitePreview, NewInvite, OpenInvite, TeamRole, TeamSummary } from "./types";

const TOKEN_BYTES = 32;
const NO_TEAM = "00000000-0000-0000-0000-000000000000";
// Raised by the migration's triggers.
const LIMIT_REACHED = "PT409";
const NO_ADMIN = "PT403";

// The token is as random as a key, so that a plain hash of it is as hard to turn back.
const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

/**
 * The invitations to a team that can still be accepted, newest first.
 *
 * @throws Problem vault_unavailable
 */
export async function listOpenInvites(teamId: string): Promise<OpenInvite[]> {
  const { data, error } = await adminClient()
    .from("team_invites")
    .select("id, role, label, created_by, created_at, expires_at")
    .eq("team_id", teamId)
    .is("used_at", null)
    .gt("expires_at", new Date().toISOString())
    .order("created_at", { ascending: false })
    .order("id");
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  const emails = await readEmails(data.map(({ created_by }) => created_by));
  return data.map(({ id, role, label, created_by, created_at, expires_at }) => ({
    id,
    role,
    label,
    created_by: emails.get(created_by) ?? "",
    created_at: utcTime.parse(created_at),
    expires_at: utcTime.parse(expires_at),
  }));
}

/**
 * Creates a link that lets one person into a team. The database keeps the hash of its secret part only.
 *
 * @param userId an admin of the team
 * @param label whom it is for, checked
 * @throws Problem invite_limit, team_role_required, team_not_found, vault_unavailable
 */
export async function createInvite(
  userId: string,
  teamId: string,
  role: TeamRole,
  label: string | null = null,
): Promise<NewInvite> {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const { data, error } = await adminClient()
    .from("team_invites")
    .insert({ team_id: teamId, created_by: userId, token_hash: hashOf(token), role, label })
    .select("id, role, label, expires_at")
    .single();
  if (error?.code === LIMIT_REACHED) throw teamProblem("invite_limit");
  // The person has just been demoted, or has left.
  if (error?.code === NO_ADMIN)
    throw vaultProblem((await getTeamRole(userId, teamId)) ? "team_role_required" : "team_not_found");
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  // After the #, so that no server, log or Referer header ever has it.
  const url = `${env().siteOrigin}/invite#${token}`;
  return { ...data, url, expires_at: utcTime.parse(data.expires_at) };
}

/**
 * Revokes an invitation that nobody has used yet.
 *
 * @param actorId an admin of the team
 * @throws Problem team_not_found, team_role_required, invite_not_found, vault_unavailable
 */
export async function withdrawInvite(actorId: string, teamId: string, inviteId: string): Promise<void> {
  const { data, error } = await adminClient().rpc("withdraw_invite", {
    actor: actorId,
    for_team: teamId,
    for_invite: inviteId,
  });
  if (error) throw explainRefusal(error);
  if (data.length === 0) throw teamProblem("invite_not_found");
}

/**
 * The invitation that a token opens, and whether the person is in its team already.
 *
 * @throws Problem invite_not_found, vault_unavailable
 */
async function find(userId: string, token: string) {
  const { data, error } = await adminClient()
    .from("team_invites")
    .select("id, team_id, role, created_by, expires_at, used_at")
    .eq("token_hash", hashOf(token))
    .maybeSingle();
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  // Asked in any case, so that the time until the answer says nothing either.
  const isMember = (await getTeamRole(userId, data?.team_id ?? NO_TEAM)) !== null;
  const isOpen = data !== null && data.used_at === null && Date.parse(data.expires_at) > Date.now();
  // To those who are in the team a link may say so, used or not: it has let one of them in.
  if (data === null || (!isOpen && !isMember)) throw teamProblem("invite_not_found");
  return { ...data, isMember };
}

/**
 * What an invitation is to, before it is accepted.
 *
 * @throws Problem invite_not_found, the same for one that is used, revoked, expired, or unknown;
 * vault_unavailable
 */
export async function previewInvite(userId: string, token: string): Promise<InvitePreview> {
  const { team_id, role, created_by, expires_at, isMember } = await find(userId, token);
  const [team, emails] = await Promise.all([
    adminClient().from("teams").select("name").eq("id", team_id).maybeSingle(),
    readEmails([created_by]),
  ]);
  if (team.error) throw vaultProblem("vault_unavailable", { cause: team.error });
  if (!team.data) throw teamProblem("invite_not_found");
  return {
    team_name: team.data.name,
    role,
    invited_by: emails.get(created_by) ?? "",
    expires_at: utcTime.parse(expires_at),
    already_member: isMember,
    ...(isMember && { team_id }),
  };
}

/**
 * Accepts an invitation; people who are already in the team don't use it up.
 *
 * @throws Problem invite_not_found, as above; team_limit, vault_unavailable
 */
export async function acceptInvite(userId: string, token: string): Promise<TeamSummary> {
  const invite = await find(userId, token);
  if (!invite.isMember) {
    // It does nothing where somebody else was first. Then the person is not in the team, unless it was they themselves,
    // in another window.
    const { error } = await adminClient().rpc("accept_invite", { for_invite: invite.id, person: userId });
    if (error?.code === TEAM_LIMIT_REACHED) throw teamProblem("team_limit");
    if (error) throw vaultProblem("vault_unavailable", { cause: error });
  }
  return requireTeam(userId, invite.team_id).catch((problem) => {
    throw problem.code === "team_not_found" ? teamProblem("invite_not_found") : problem;
  });
}
