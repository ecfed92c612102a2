import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

// The core is meant to be read whole, by whoever is asked to trust it.
it.each([
  ["lib/vault/crypto.ts", 80],
  ["lib/vault/service.ts", 250],
])("%s stays below %i lines", (file, limit) => {
  expect(readFileSync(file, "utf8").trimEnd().split("\n").length).toBeLessThan(limit);
});
