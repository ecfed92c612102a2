/** The pages that show one workspace: a person's own, or one of their teams. */
const PAGES = {
  dashboard: "/dashboard",
  usage: "/usage",
  activity: "/activity",
  team: "/team",
} as const;
export type PageName = keyof typeof PAGES;

/**
 * The address of a page in a workspace, which is part of it, so that a reload and a shared link stay there.
 *
 * @param teamId null for the person's own workspace
 */
export function pageHref(page: PageName, teamId: string | null): string {
  return teamId === null ? PAGES[page] : `${PAGES[page]}?team=${teamId}`;
}

/**
 * The activity page, with what was done with one key.
 *
 * @param teamId null for the person's own workspace
 */
export function activityHref(teamId: string | null, key: string): string {
  const href = pageHref("activity", teamId);
  return `${href}${href.includes("?") ? "&" : "?"}key=${key}`;
}
