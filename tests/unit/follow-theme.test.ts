import { expect, it } from "vitest";
import { schemeFor } from "@/components/vault/ui/followTheme";

it.each([
  ["rgb(23, 23, 23)", "light"],
  ["rgb(237, 237, 237)", "dark"],
  ["rgba(250, 250, 250, 0.2)", "dark"],
  ["color(srgb 0.04 0.04 0.04)", "light"],
  ["color(display-p3 0.98 0.98 0.98)", "dark"],
  ["oklch(0.145 0.2 260)", "light"],
  ["oklab(0.985 0 0)", "dark"],
  ["lab(2.75 0 0)", "light"],
  ["lch(98 100 200)", "dark"],
])("text in %s is in a %s theme", (text, scheme) => {
  expect(schemeFor(text)).toBe(scheme);
});
