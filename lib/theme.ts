/** Holds the person's choice; without it the page follows the system. Set by the browser, no secret. */
export const THEME_COOKIE = "theme";

const THEMES = ["light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export function isTheme(text: string | undefined): text is Theme {
  return THEMES.some((theme) => theme === text);
}
