import { describe, expect, it } from "vitest";
import { fromBase32, toBase32, totp } from "../support/totp.ts";

describe("the tests' authenticator app", () => {
  // RFC 6238, appendix B, for SHA-1.
  const secret = Buffer.from("12345678901234567890");

  it.each([
    [59, "94287082"],
    [1111111109, "07081804"],
    [1111111111, "14050471"],
    [1234567890, "89005924"],
    [2000000000, "69279037"],
    [20000000000, "65353130"],
  ])("shows the RFC's code at %i seconds", (seconds, code) => {
    expect(totp(secret, Math.floor(seconds / 30), 8)).toBe(code);
    expect(totp(secret, Math.floor(seconds / 30))).toBe(code.slice(2));
  });

  it("reads and writes Base32 as RFC 4648 has it", () => {
    expect(toBase32(secret)).toBe("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    expect(fromBase32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")).toEqual(secret);
  });
});
