import "server-only";
import type { SessionUser } from "../auth/session";
import { getTeamRole } from "../teams/membership";
import { vaultProblem } from "./errors";
import type { Owner } from "./types";

/** Members use a team's keys and see what there is; only admins see values or change anything. */
export type Access = "see" | "manage";

/**
 * Whose secrets a request is about, once the person is known to have that access.
 *
 * @param teamId from the request; undefined for the person's own vault
 * @throws Problem team_not_found, the same for a foreign team and for none; team_role_required
 */
export async function authoriseOwner(
  user: SessionUser,
  teamId: string | undefined,
  access: Access,
): Promise<Owner> {
  if (teamId === undefined) return { type: "user", id: user.id };
  const role = await getTeamRole(user.id, teamId);
  if (role === null) throw vaultProblem("team_not_found");
  if (access === "manage" && role !== "admin") throw vaultProblem("team_role_required");
  return { type: "team", id: teamId };
}
