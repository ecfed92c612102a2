import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("no test waits with vi.waitFor, which gives up after a second", () => {
  const files = globSync("tests/{unit,database,embedded,service,bridge,support}/**/*.ts");
  expect(files.length).toBeGreaterThan(100);
  const impatient = files.filter((file) => /\bvi\.waitFor\(/.test(readFileSync(file, "utf8")));
  expect(impatient).toEqual(["tests/support/eventually.ts"]);
});
