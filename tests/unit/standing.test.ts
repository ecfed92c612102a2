import { describe, expect, it } from "vitest";
import { whyRotate } from "../../components/activity/exposure";
import {
  describeOverlap,
  describeStanding,
  explainDeletion,
  usableLayers,
} from "../../components/vault/standing";
import type { SecretMetadata, SecretSource } from "../../lib/vault/types";

const KEY = "ANTHROPIC_API_KEY";

describe("where a key stands", () => {
  it.each<["user" | "team" | null, SecretSource[], string, string]>([
    ["user", ["user"], "In use", "Reveal uses this key."],
    ["user", ["user", "env"], "In use", "Reveal uses this key. Without it, the platform's."],
    ["user", ["user", "team"], "Overrides the team key", "Reveal uses this key. Without it, the team's."],
    [
      "user",
      ["user", "team", "env"],
      "Overrides the team key",
      "Reveal uses this key. Without it, the team's.",
    ],
    ["team", ["team"], "In use", "Reveal uses this key."],
    ["team", ["team", "env"], "In use", "Reveal uses this key. Without it, the platform's."],
    ["team", ["user", "team"], "Overridden by yours", "Members without one use the team's."],
    [null, ["env"], "Falls back to platform", "the platform pays"],
  ])("owner %s, holders %j: %s", (owner, holders, label, detail) => {
    const standing = describeStanding("Reveal", owner, holders);
    expect(standing.label).toBe(label);
    expect(standing.detail).toContain(detail);
  });

  it.each<["user" | "team", boolean, SecretSource[], SecretSource[] | undefined, SecretSource[]]>([
    ["user", true, ["env"], undefined, ["user", "env"]],
    ["user", false, ["user", "env"], undefined, ["env"]],
    ["team", true, ["user"], ["user"], ["user"]],
    ["team", false, ["env", "team"], ["user", "team"], []],
  ])("in the vault of a %s: %s, held by %j, allowed %j: %j", (owner, isInVault, holders, allowed, usable) => {
    expect(usableLayers(allowed ? { holders, allowed } : { holders }, owner, isInVault)).toEqual(usable);
  });
});

describe("where a person has a key twice", () => {
  it.each<["user" | "team", string[], string, string]>([
    ["team", [], "Overridden by yours", "Your own key is used for you"],
    ["user", ["Acme"], "Overrides the team key", "In Acme, this key"],
    ["user", ["Acme", "Beta"], "Overrides the team key", "In Acme and Beta, this key"],
    ["user", ["A", "B", "C", "D"], "Overrides the team key", "In 4 teams, this key"],
  ])("looked at from %s, in teams %j: %s", (owner, teams, label, detail) => {
    const standing = describeOverlap(owner, KEY, { [KEY]: teams });
    expect(standing?.label).toBe(label);
    expect(standing?.detail).toContain(detail);
    expect(describeOverlap(owner, "OTHER_KEY", { [KEY]: teams })).toBeNull();
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
    ["team", ["user", "team"], "Reveal keeps using your own key"],
  ])("of the %s with holders %j: %s", (owner, holders, sentence) => {
    expect(explainDeletion("Reveal", owner, holders)).toContain(sentence);
  });
});

describe("who knows a value and is no longer in the team", () => {
  const secret = { key: KEY, last_rotated_at: "2026-11-01T12:00:00.000001Z" } as SecretMetadata;
  const seen = (email: string | null, rotated_at: string, key = KEY) => ({
    user_id: "x",
    email,
    key,
    seen_at: "2026-11-05T00:00:00Z",
    rotated_at,
  });

  it("is named, for this key and its present value alone", () => {
    const known = [
      seen("kim@example.com", secret.last_rotated_at),
      seen(null, secret.last_rotated_at),
      seen("old@example.com", "2026-10-31T00:00:00Z"),
      seen("other@example.com", secret.last_rotated_at, "OPENAI_API_KEY"),
    ];
    expect(whyRotate(secret, known)).toBe(
      "Seen by kim@example.com and a deleted account, no longer in the team.",
    );
    expect(whyRotate({ ...secret, last_rotated_at: "2026-11-04T00:00:00Z" }, known)).toBeUndefined();
    expect(whyRotate(secret, [])).toBeUndefined();
  });
});
