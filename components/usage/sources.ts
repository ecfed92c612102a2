import type { CSSProperties } from "react";
import type { SecretSource } from "@/lib/vault/types";

// Chosen by measuring: each stands out from the card by at least 3:1, and from the other two for every common
// kind of colour blindness, in lightness as well as in hue.
const COLOURS: Record<SecretSource, string> = {
  user: "light-dark(oklch(0.42 0.15 265), oklch(0.62 0.15 265))",
  team: "light-dark(oklch(0.66 0.16 55), oklch(0.8 0.14 70))",
  env: "light-dark(oklch(0.6 0.1 185), oklch(0.9 0.06 185))",
};

/** The colours, for the part of the page that shows sources. As variables, because SVG attributes take those. */
export const SOURCE_COLOURS = {
  "--source-user": COLOURS.user,
  "--source-team": COLOURS.team,
  "--source-env": COLOURS.env,
} as CSSProperties;

/** A source's colour, within an element that has SOURCE_COLOURS. */
export const colourOf = (source: SecretSource) => `var(--source-${source})`;
