import "server-only";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { getSessionUser } from "../auth/session";
import { listDeletedTeams } from "../teams/deleted";
import { listTeams } from "../teams/membership";
import type { TeamSummary } from "../teams/types";
import { uuid } from "../vault/schema";
import type { SessionUser } from "../vault/session/session";
import { DELETED_TEAMS, type PageName, pageHref, signInHref } from "./href";

/** Where a signed-in person is, and where else they can go. */
export interface Workspace {
  user: SessionUser;
  /** Null for the person's own workspace. */
  team: TeamSummary | null;
  /** All their teams, by name. */
  teams: TeamSummary[];
}

/** A page's `searchParams`. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/**
 * The workspace that a page's address names with `team`. Asked for before anything is sent: without a session it
 * redirects to the sign-in page, and a team that does not exist and one that the person is not in are the same
 * "not found". One that was deleted and that they can restore leads to where they do that.
 *
 * @param page the one that signing in leads back to
 * @throws Problem auth_unavailable, vault_unavailable
 */
export async function loadWorkspace(searchParams: SearchParams, page: PageName): Promise<Workspace> {
  return findWorkspace((await searchParams).team, page);
}

/** Once a request, however often it is asked for: by the page, and by its title. */
const findWorkspace = cache(
  async (wanted: string | string[] | undefined, page: PageName): Promise<Workspace> => {
    const user = await getSessionUser();
    if (!user) redirect(signInHref(page, uuid.safeParse(wanted).data ?? null));
    const teams = await listTeams(user.id);
    if (wanted === undefined) return { user, team: null, teams };
    const id = uuid.safeParse(wanted).data;
    const team = teams.find((mine) => mine.id === id);
    if (!team) {
      const deleted = id === undefined ? [] : await listDeletedTeams(user.id);
      if (deleted.some((mine) => mine.id === id)) redirect(`${pageHref("dashboard", null)}#${DELETED_TEAMS}`);
      notFound();
    }
    return { user, team, teams };
  },
);
