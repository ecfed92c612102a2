import { DEFAULT_RANGE, type UsageRange } from "../usage/range";

/** The pages that show one workspace, a person's own or one of their teams; and the account's, which shows none. */
const PAGES = {
  dashboard: "/dashboard",
  usage: "/usage",
  activity: "/activity",
  team: "/team",
  account: "/account",
} as const;
export type PageName = keyof typeof PAGES;

/** The operator's page, which is no page of a workspace and is not there for anybody else. */
export const OPERATOR_PAGE = "/operator";

/**
 * The address of a page in a workspace, which is part of it, so that a reload and a shared link stay there.
 *
 * @param teamId null for the person's own workspace
 */
export function pageHref(page: PageName, teamId: string | null): string {
  return teamId === null ? PAGES[page] : `${PAGES[page]}?team=${teamId}`;
}

/** Where the dashboard of the personal workspace lists deleted teams. */
export const DELETED_TEAMS = "deleted-teams";

/** Whether a word names one of these pages. */
export const isPage = (name: string): name is PageName => Object.hasOwn(PAGES, name);

/**
 * The sign-in page, which leads back to a page afterwards; to the dashboard of the personal workspace by itself.
 *
 * @param teamId null for the person's own workspace
 */
export function signInHref(page: PageName, teamId: string | null): string {
  if (page === "dashboard" && teamId === null) return "/login";
  return `/login?${new URLSearchParams({ next: page, ...(teamId !== null && { team: teamId }) })}`;
}

/** The same for the page that is open. In a browser only. */
export function signInHrefHere(): string {
  const { pathname, search } = window.location;
  const page = pathname.slice(1);
  return isPage(page) ? signInHref(page, new URLSearchParams(search).get("team")) : "/login";
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

/**
 * The usage page, for a range of days.
 *
 * @param teamId null for the person's own workspace
 */
export function usageHref(teamId: string | null, range: UsageRange): string {
  const href = pageHref("usage", teamId);
  return range === DEFAULT_RANGE ? href : `${href}${href.includes("?") ? "&" : "?"}range=${range}`;
}
