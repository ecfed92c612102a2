import { z } from "zod";
import { uuid } from "@/lib/vault/schema";
import { isPage, pageHref } from "@/lib/workspace/href";
import type { Next } from "./href";

/** The word for the invitation page. */
export const INVITE = "invite";

const team = uuid.optional().catch(undefined);

/**
 * Takes from a page's address or a form where to go after signing in. Fixed words and an id, and no address, so
 * that no link to the sign-in page leads elsewhere.
 *
 * @param from anything
 */
export function readNext(from: { next?: unknown; team?: unknown }): Next {
  if (from.next === INVITE) return { next: INVITE };
  const next = z.string().safeParse(from.next).data;
  if (next === undefined || !isPage(next)) return {};
  const id = team.parse(from.team);
  return { next, ...(id !== undefined && { team: id }) };
}

/** The address that {@link readNext} stands for; without any, the dashboard of the personal workspace. */
export function afterSignIn({ next, team }: Next): string {
  if (next === INVITE) return "/invite";
  return pageHref(next !== undefined && isPage(next) ? next : "dashboard", team ?? null);
}
