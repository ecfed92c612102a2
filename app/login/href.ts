/** The two forms of the sign-in page. */
export type Mode = "sign-in" | "sign-up";

/** Where the way leads after signing in: a word that is known here, and perhaps a team. */
export interface Next {
  next?: string;
  team?: string;
}

/** The sign-in page with one of its forms, which leads there afterwards. */
export function loginHref(mode: Mode, next: Next): string {
  const query = new URLSearchParams({ ...(mode === "sign-up" && { mode }), ...next });
  return query.size > 0 ? `/login?${query}` : "/login";
}

/** The page that asks for the second factor's code, which leads there afterwards. */
export function codeHref(next: Next): string {
  const query = new URLSearchParams({ ...next });
  return query.size > 0 ? `/login/code?${query}` : "/login/code";
}
