import { describe, expect, it } from "vitest";
import { describeStanding, explainDeletion } from "../../components/vault/standing";
import type { SecretSource } from "../../lib/vault/types";

const KEY = "ANTHROPIC_API_KEY";

describe("where a key stands", () => {
  it.each<["user" | "team" | null, SecretSource[], string, string]>([
    ["user", ["user"], "In use", "Reveal uses this key."],
    ["user", ["user", "env"], "In use", "Reveal uses this key. Without it, the platform's."],
    ["user", ["user", "team"], "Covers the team's", "Reveal uses this key. Without it, the team's."],
    ["user", ["user", "team", "env"], "Covers the team's", "Reveal uses this key. Without it, the team's."],
    ["team", ["team"], "In use", "Reveal uses this key."],
    ["team", ["team", "env"], "In use", "Reveal uses this key. Without it, the platform's."],
    ["team", ["user", "team"], "Covered by yours", "The team's is for those without one."],
    [null, ["env"], "Falls back to platform", "the platform pays"],
  ])("owner %s, holders %j: %s", (owner, holders, label, detail) => {
    const standing = describeStanding(KEY, owner, holders);
    expect(standing?.label).toBe(label);
    expect(standing?.detail).toContain(detail);
  });

  it("is not said of a key that no feature uses", () => {
    expect(describeStanding("OPENAI_API_KEY", "user", ["user"])).toBeNull();
    expect(describeStanding("MY_OWN_KEY", "user", ["user"])).toBeNull();
  });
});

describe("what deleting a key changes", () => {
  it.each<["user" | "team", SecretSource[], string]>([
    ["user", ["user"], "Reveal will stop working"],
    ["user", ["user", "env"], "Reveal will use the platform's key"],
    ["user", ["user", "team"], "Reveal will use the team's key"],
    ["user", ["user", "team", "env"], "Reveal will use the team's key"],
    ["team", ["team"], "Reveal will stop working"],
    ["team", ["team", "env"], "Reveal will use the platform's key"],
    ["team", ["user", "team"], "Reveal goes on using your own key"],
  ])("of the %s with holders %j: %s", (owner, holders, sentence) => {
    expect(explainDeletion(KEY, owner, holders)).toContain(sentence);
  });

  it("of one that no feature uses, says so", () => {
    expect(explainDeletion("MY_OWN_KEY", "user", ["user"])).toBe("No feature of Command Center uses it.");
  });
});
