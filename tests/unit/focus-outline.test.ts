import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

it("no class takes away the outline, which is all that forced colors show of the focus", () => {
  const sources = ["app", "components"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
  expect(sources.length).toBeGreaterThan(100);
  // `focus-visible:outline-hidden` in its place is transparent, and forced colors give it one.
  const without = sources.filter((path) => /\boutline-(none|0)\b/.test(readFileSync(path, "utf8")));
  expect(without).toEqual([]);
});
