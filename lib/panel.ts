/** The dashboard's panels, by their ids. A small window shows one at a time. */
export const PANELS = ["vault", "reveal", "webhooks"] as const;
export type Panel = (typeof PANELS)[number];

/** Holds the panel that the person opened last. Set by the browser, no secret. */
export const PANEL_COOKIE = "panel";

/** The panel of that name; undefined for anything else. */
export const panelNamed = (text: string | undefined): Panel | undefined =>
  PANELS.find((panel) => panel === text);
