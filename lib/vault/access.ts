import "server-only";
import { vaultProblem } from "./errors";
import { getTeamRole, getUser } from "./host";
import { uuid } from "./schema";
import type { Owner } from "./types";

/** The person behind a request, as the app knows them. */
export type SignedIn = NonNullable<Awaited<ReturnType<typeof getUser>>>;

/**
 * Who is signed in, for API routes. Looks at the session cookie only: `Authorization` and `apikey` headers
 * have no meaning here.
 *
 * @throws Problem unauthenticated, auth_unavailable
 */
export async function requireUser(): Promise<SignedIn> {
  const user = await getUser();
  if (!user) throw vaultProblem("unauthenticated");
  // In lower case, because sealed secrets are compared with it as text.
  return { ...user, id: uuid.parse(user.id) };
}

/** Members use a team's keys and see what there is; only admins see values or change anything. */
export type Access = "see" | "manage";

/** Whose secrets a request is about, before it is known whether the person may. */
export function ownerOf(user: Pick<SignedIn, "id">, teamId: string | undefined): Owner {
  return teamId === undefined ? { type: "user", id: user.id } : { type: "team", id: teamId };
}

/**
 * {@link ownerOf} a request, once the person is known to have that access.
 *
 * @param teamId from the request; undefined for the person's own vault
 * @throws Problem team_not_found, the same for a foreign team and for none; team_role_required
 */
export async function authoriseOwner(
  user: Pick<SignedIn, "id">,
  teamId: string | undefined,
  access: Access,
): Promise<Owner> {
  const owner = ownerOf(user, teamId);
  if (owner.type === "user") return owner;
  const role = await getTeamRole(user.id, owner.id);
  if (role === null) throw vaultProblem("team_not_found");
  if (access === "manage" && role !== "admin") throw vaultProblem("team_role_required");
  return owner;
}
