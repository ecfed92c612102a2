import "server-only";
import type { z } from "zod/v4";
import { vaultProblem } from "./errors";
import { getTeamRole, getUser, requireConfirmation, settings } from "./host";
import { receiveJson, requireSameOrigin } from "./http/guard";
import { noteRequest, noteUser } from "./http/request-context";
import { check } from "./http/respond";
import { uuid } from "./schema";
import { type Owner, SHOWN_USER_HEADER } from "./types";

/** The person behind a request, as the app knows them. */
export type SignedIn = NonNullable<Awaited<ReturnType<typeof getUser>>>;

/**
 * Who is signed in, for API routes. Looks at the session cookie only: `Authorization` and `apikey` headers
 * have no meaning here. A page says whom it shows, because that may no longer be the one who is signed in: another
 * account in a second window, or a cookie that another host has set.
 *
 * @throws Problem unauthenticated, auth_unavailable; user_changed if the page shows somebody else
 */
export async function requireUser(request: Request): Promise<SignedIn> {
  noteRequest(request, settings);
  const user = await getUser();
  if (!user) throw vaultProblem("unauthenticated");
  // In lower case, because sealed secrets are compared with it as text.
  const id = uuid.parse(user.id);
  noteUser(id);
  const shown = request.headers.get(SHOWN_USER_HEADER);
  if (shown !== null && shown.toLowerCase() !== id) throw vaultProblem("user_changed");
  return { ...user, id };
}

/**
 * Receives a request that has a JSON body: who sends it, and what. The session is asked for once the body is there, so
 * that a request that is held open does not outlive a sign-out.
 *
 * @param schema of the body
 * @param limit of the body, in bytes
 * @throws Problem of the first of these checks that fails: the session, the origin, type and size of the body, its shape
 */
export async function receive<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  limit: number,
): Promise<{ user: SignedIn; body: z.output<Schema> }> {
  noteRequest(request, settings);
  // Nobody's body is waited for.
  if (!request.headers.has("cookie")) throw vaultProblem("unauthenticated");
  const readBody = await receiveJson(request, limit, "application/json");
  const user = await requireUser(request);
  requireSameOrigin(request);
  return { user, body: check(schema, readBody()) };
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

/**
 * Requires what the app asks for beside a session before a value leaves it: that the person has just confirmed who they
 * are, say. Who may not have the value in any case hears that instead, so that the question tells nobody which teams
 * there are. Whether somebody who is confirmed may have it is for the statement that reads the value to decide.
 *
 * @param user as the host returned them
 * @throws Problem confirmation_required, or those of {@link authoriseOwner}
 */
export async function requireConfirmed(
  user: Parameters<typeof requireConfirmation>[0],
  teamId: string | undefined,
): Promise<void> {
  try {
    await requireConfirmation(user);
  } catch (problem) {
    await authoriseOwner(user, teamId, "manage");
    throw problem;
  }
}
