import { describe, expect, it } from "vitest";
import { judgeValue } from "../../lib/vault/doubts.ts";
import { checkValue } from "../../lib/vault/rules.ts";

const MASKED = "This is a mask, not the key itself. Copy the key from its provider.";
const MAYBE = "This looks like a mask, not the key itself.";

describe("a mask", () => {
  it.each([
    "••••••••••••",
    "•",
    "∙∙∙",
    "···",
    "＊＊＊＊＊＊＊＊",
    "████████",
    "▒▒▒▒",
    "⬤⬤⬤⬤",
    "○○○○",
    "⚫⚫⚫",
    "▇▇▇▇",
    "[encrypted]",
    "***",
    "********",
    "[REDACTED]",
    "[redacted]",
    "<redacted>",
    "[SENSITIVE]",
    "***REDACTED***",
    "(hidden)",
    "<secret-hidden>",
    "[Filtered]",
    "{masked}",
    "[REDACTED:API_KEY]",
    " [REDACTED]\n",
    "sk-ant-••••••wxyz",
    "postgresql://app:••••••@db/app",
    "sk-███████",
  ])("is refused under every name: %s", (value) => {
    for (const key of ["SOME_KEY", "OPENAI_API_KEY", "DATABASE_URL"]) {
      expect(checkValue(key, value)).toEqual({ problem: MASKED });
    }
  });

  it.each(["sk-***Wxyz", "sk-ant-api03-R2D...igAA", "gsk_...AbCd", "sk-proj-abc…wxyz", "sk-****abcd"])(
    "is refused where a provider's key is expected, and doubted elsewhere: %s",
    (value) => {
      expect(checkValue("OPENAI_API_KEY", value)).toEqual({ problem: MASKED });
      expect(checkValue("SOME_KEY", value)).toEqual({ value });
      expect(judgeValue("SOME_KEY", value)).toEqual({ warning: MAYBE, isBroken: true });
    },
  );

  it.each([
    "postgresql://app:***@db/app",
    "postgresql://app:*@db/app",
    "postgresql://app:xxxx@db/app",
    "abc***",
    "xxxx",
    "XXX",
    "REDACTED",
    "sensitive",
    "Encrypted",
    "__REDACTED__",
    "host=db password=[REDACTED]",
    '{"private_key":"<hidden>"}',
    "pat_aBcD………wxyz",
    "-----",
    "......",
    "????",
  ])("is doubted where a value might look like it: %s", (value) => {
    expect(checkValue("SOME_KEY", value)).toEqual({ value });
    expect(judgeValue("DATABASE_URL", value)).toEqual({ warning: MAYBE, isBroken: true });
  });

  it.each([
    "*",
    "**",
    "a*b",
    "*a•b*",
    "a∙",
    "xx",
    "a...b",
    "1...10",
    "hidden-valley",
    "[x]",
    "{a}",
    "a--b",
    "maximum",
  ])("is not seen in %s", (value) => {
    expect(checkValue("SOME_KEY", value)).toEqual({ value });
    expect(judgeValue("SOME_KEY", value)).toBeNull();
  });
});
