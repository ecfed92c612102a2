import { expect, it } from "vitest";
import { hintOf } from "../../lib/vault/hint.ts";

it("is the last four characters of one line of 24 and more, and nothing of anything else", () => {
  expect(hintOf("sk-EXAMPLE-NOT-REAL-wxyz")).toBe("wxyz");
  expect(hintOf(`${"x".repeat(8_000)}wxyz`)).toBe("wxyz");
  for (const value of [
    "",
    "a",
    "x".repeat(23),
    "-----BEGIN KEY-----\nEXAMPLE\n-----END KEY-----",
    `${"x".repeat(30)}\r`,
  ]) {
    expect(hintOf(value)).toBeNull();
  }
});

it("counts and takes whole characters, not halves of them", () => {
  expect(hintOf("🔑".repeat(12))).toBeNull();
  expect(hintOf(`${"x".repeat(20)}🔑🔒🔓🗝`)).toBe("🔑🔒🔓🗝");
});
