import { describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  checkBody,
  deleteQuery,
  importBody,
  MAX_BODY_BYTES,
  MAX_CHECK_BYTES,
  MAX_IMPORT_BYTES,
  secretMetadata,
  secretQuery,
  setSecretBody,
} from "../../lib/vault/schema.ts";

const TEAM = "7E000000-0000-4000-8000-00000000000A";
const TIME = "2026-03-05T12:00:00.123456Z";

/** The first sentence that a schema says of what does not fit; null where it fits. */
const complaint = (schema: z.ZodType, input: unknown) => {
  const issue = schema.safeParse(input).error?.issues[0];
  // `check` has a sentence of its own for these, without their names.
  return issue?.code === "unrecognized_keys" ? "unknown" : (issue?.message ?? null);
};

describe("the query of GET and DELETE /api/vault", () => {
  it("names a secret, a team in lower case, and whether to reveal", () => {
    expect(secretQuery.parse({})).toEqual({});
    expect(secretQuery.parse({ key: "A_KEY", reveal: "true", team_id: TEAM })).toEqual({
      key: "A_KEY",
      reveal: "true",
      team_id: TEAM.toLowerCase(),
    });
    expect(secretQuery.parse({ reveal: "false" })).toEqual({ reveal: "false" });
    expect(secretQuery.parse({ reveal: "true", copy: "true" })).toEqual({ reveal: "true", copy: "true" });
  });

  it.each([
    [{ reveal: "yes" }, "reveal is true or false."],
    [{ reveal: "" }, "reveal is true or false."],
    [{ copy: "yes" }, "copy is true or false."],
    [{ team_id: "7e000000" }, "An id is a UUID."],
    [{ team_id: "" }, "An id is a UUID."],
    [{ key: "a" }, expect.stringContaining("A key name has 1 to 64 characters")],
    [{ user_id: TEAM }, "unknown"],
  ])("refuses %j", (query, expected) => {
    expect(complaint(secretQuery, query)).toEqual(expected);
  });

  it("may name the state to delete, and only to delete", () => {
    const query = { key: "A_KEY", if_updated_at: TIME };
    expect(deleteQuery.parse(query)).toEqual(query);
    expect(complaint(secretQuery, query)).toBe("unknown");
    expect(complaint(deleteQuery, { key: "A_KEY", reveal: "true" })).toBe("unknown");
    expect(complaint(deleteQuery, { key: "A_KEY", copy: "true" })).toBe("unknown");
  });

  it.each([
    "",
    "now",
    "null",
    "2026-03-05",
    "0000-01-01T00:00:00Z",
    "2026-03-05T12:00:00+01:00",
    `${TIME}\n`,
  ])("may not name the state %j", (if_updated_at) => {
    expect(complaint(deleteQuery, { key: "A_KEY", if_updated_at })).toBe("if_updated_at is a time.");
  });
});

describe("a key name", () => {
  it.each([
    "a",
    "1A",
    "A-B",
    "A B",
    "A\n",
    "",
    "A".repeat(65),
    "À",
    "__PROTO__",
    "A.B",
    "A,B",
    "eq.A",
    7,
    ["A"],
  ])("is not %j", (key) => {
    expect(complaint(secretQuery, { key })).toContain("A key name has 1 to 64 characters");
    expect(complaint(setSecretBody, { key, value: "v" })).toContain("A key name has 1 to 64 characters");
  });

  it.each(["A", "A1_", "A".repeat(64)])("is %j", (key) => {
    expect(complaint(secretQuery, { key })).toBeNull();
  });
});

describe("the body of POST /api/vault", () => {
  const body = { key: "A_KEY", value: " v " };

  it("is taken with a value, a category or a description", () => {
    const parse = (change: object) => setSecretBody.parse({ key: "A_KEY", ...change });
    const rest = { key: "A_KEY", isTrimmed: false };
    expect(parse({ category: "Email" })).toEqual({ ...rest, category: "Email" });
    expect(parse({ description: " mine " })).toEqual({ ...rest, description: "mine" });
    expect(parse({ description: "" })).toEqual({ ...rest, description: "" });
    expect(parse({ value: " v\n" })).toEqual({ ...rest, value: " v\n" });
    expect(parse({ use_only: true })).toEqual({ ...rest, use_only: true });
    expect(parse({ expires_at: null })).toEqual({ ...rest, expires_at: null });
    expect(parse({ value: "v", use_only: false })).toMatchObject({ use_only: false });
  });

  it("says that the value of a token is stored without the white space around it", () => {
    const parse = (value: string) => setSecretBody.parse({ key: "GROQ_API_KEY", value });
    expect(parse(" gsk_test\n")).toMatchObject({ value: "gsk_test", isTrimmed: true });
    expect(parse("gsk_test")).toMatchObject({ value: "gsk_test", isTrimmed: false });
    const secrets = [{ key: "GROQ_API_KEY", value: " gsk_test", if_updated_at: null }];
    expect(importBody.parse({ secrets }).secrets).toMatchObject([{ value: "gsk_test", isTrimmed: true }]);
  });

  it.each([TIME, "2026-03-05T12:00:00Z", "2026-03-05T12:00:00.1Z", "2026-03-05T12:00:00+00:00", null])(
    "may be for the state %s",
    (if_updated_at) => {
      expect(setSecretBody.parse({ ...body, if_updated_at })).toMatchObject({ if_updated_at });
    },
  );

  it.each([
    "now",
    "",
    "2026-03-05",
    "0000-03-05T12:00:00Z",
    "2026-03-05T12:00:00.1234567Z",
    "2026-03-05T12:00:00.Z",
    "2026-03-05T12:00:00+01:00",
    `x${TIME}`,
    `${TIME}x`,
    7,
  ])("may not be for the state %j", (if_updated_at) => {
    expect(complaint(setSecretBody, { ...body, if_updated_at })).toBe(
      "if_updated_at is a time, or null for a new secret.",
    );
  });

  it.each([
    [
      { key: "A_KEY" },
      "There's nothing to change: send a value, a category, a description, use_only or expires_at.",
    ],
    [
      { key: "A_KEY", if_updated_at: null },
      "There's nothing to change: send a value, a category, a description, use_only or expires_at.",
    ],
    [{ ...body, value: 7 }, "The value is text."],
    [{ ...body, value: "" }, "The value is empty. Paste the key itself."],
    [{ ...body, category: "llm" }, "The category is one of LLM, Infrastructure, Hosting, Email, General."],
    [{ ...body, description: 7 }, "The description is text."],
    [{ ...body, description: "x".repeat(501) }, "A description has at most 500 characters."],
    [{ ...body, description: "two\nlines" }, "A description is one line of plain text."],
    [{ ...body, description: "half \ud800" }, "A description is one line of plain text."],
    [{ ...body, team_id: null }, "An id is a UUID."],
    [{ ...body, team_id: "eq.1" }, "An id is a UUID."],
    [{ ...body, value: null }, "The value is text."],
    [{ ...body, user_id: TEAM }, "unknown"],
    [JSON.parse('{"key":"A","value":"b","__proto__":{"x":1}}'), "unknown"],
    [[body], expect.any(String)],
    [null, expect.any(String)],
    [{ value: "v" }, expect.stringContaining("A key name has 1 to 64 characters")],
  ])("is refused: %j", (input, expected) => {
    expect(complaint(setSecretBody, input)).toEqual(expected);
  });

  it.each([
    [setSecretBody, { ...body, value: "" }, ["value"]],
    [importBody, { secrets: [{ key: "A_KEY", value: "", if_updated_at: null }] }, ["secrets", 0, "value"]],
  ])("says where the value is that cannot be one", (schema, input, path) => {
    expect(schema.safeParse(input).error?.issues).toMatchObject([{ code: "custom", path }]);
  });

  it("takes a description of 500 characters", () => {
    expect(complaint(setSecretBody, { ...body, description: "é".repeat(500) })).toBeNull();
  });
});

describe("the body of POST /api/vault/import", () => {
  const secret = (key: string, value = "v") => ({ key, value, if_updated_at: null });
  const keys = (count: number) => Array.from({ length: count }, (_, index) => secret(`KEY_${index}`));

  it("is a list of 1 to 200 secrets of one owner", () => {
    const full = { ...secret("A_KEY", " v "), category: "Email", description: "mine" };
    expect(importBody.parse({ secrets: [full], team_id: TEAM })).toEqual({
      secrets: [{ ...full, isTrimmed: false }],
      team_id: TEAM.toLowerCase(),
    });
    expect(complaint(importBody, { secrets: keys(200) })).toBeNull();
  });

  it.each([
    [{ secrets: [] }, "An import is a list of 1 to 200 secrets."],
    [{ secrets: keys(201) }, "An import is a list of 1 to 200 secrets."],
    [{ secrets: "A=1" }, "An import is a list of 1 to 200 secrets."],
    [{ secrets: [secret("A_KEY"), secret("A_KEY")] }, "A key is given twice."],
    [{ secrets: ["A=1"] }, "Each secret of an import is an object."],
    [{ secrets: [{ key: "A_KEY", value: "v" }] }, "if_updated_at is a time, or null for a new secret."],
    // Among many, the sentence says which one it is about, once.
    [{ secrets: [secret("A_KEY", "")] }, "A_KEY: The value is empty. Paste the key itself."],
    [
      { secrets: [secret("OPENAI_API_KEY", "sk-a\nb")] },
      "OPENAI_API_KEY is one line, but the value has line breaks.",
    ],
    [{ secrets: [{ ...secret("A_KEY"), owner_id: TEAM }] }, "unknown"],
    [{ secrets: keys(1), user_id: TEAM }, "unknown"],
  ])("is refused: %j", (input, expected) => {
    expect(complaint(importBody, input)).toEqual(expected);
  });
});

describe("the body of POST /api/vault/check", () => {
  it("names a key whose provider can be asked", () => {
    expect(checkBody.parse({ key: "OPENAI_API_KEY", team_id: TEAM })).toEqual({
      key: "OPENAI_API_KEY",
      team_id: TEAM.toLowerCase(),
    });
    expect(complaint(checkBody, { key: "MY_KEY" })).toBe("There is no provider to ask about this key.");
    expect(complaint(checkBody, { key: "OPENAI_API_KEY", value: "v" })).toBe("unknown");
  });
});

describe("a row on its way out", () => {
  const row = {
    id: "1",
    owner_type: "team",
    owner_id: "2",
    key: "A_KEY",
    category: "LLM",
    description: "",
    last_rotated_at: "2026-03-05 12:00:00+00",
    created_at: "2026-03-05 12:00:00+00",
    updated_at: "2026-03-05 12:00:00+00",
    details: {
      hint: "wxyz",
      use_only: false,
      expires_at: "2027-03-05T12:00:00+00:00",
      added_by: null,
      last_used_at: null,
      checked_at: null,
      check_result: null,
      check_facts: { account: "acme" },
    },
  };

  it("has the columns of the allow-list, and no other", () => {
    const sent = secretMetadata.parse({ ...row, encrypted_value: "v1.x", anything: 1 });
    expect(Object.keys(sent)).toEqual(Object.keys(row));
    expect(sent.updated_at).toBe("2026-03-05T12:00:00.000000Z");
    const facts = { ...row.details.check_facts, label: "x" };
    const details = { ...row.details, check_facts: facts, secret_id: "x", expiry_announced: true };
    const expires_at = "2027-03-05T12:00:00.000000Z";
    expect(secretMetadata.parse({ ...row, details }).details).toEqual({ ...row.details, expires_at });
    expect(secretMetadata.parse({ ...row, details: null }).details).toBeNull();
    expect(secretMetadata.parse({ ...row, owner_type: "user" }).owner_type).toBe("user");
  });

  it("is nothing where a column is missing or is something else", () => {
    for (const name of Object.keys(row)) {
      expect(secretMetadata.safeParse({ ...row, [name]: undefined }).success, name).toBe(false);
    }
    expect(secretMetadata.safeParse({ ...row, owner_type: "env" }).success).toBe(false);
  });
});

it("bodies may have 32 KiB, imports 256 KiB and checks 1 KiB", () => {
  expect([MAX_BODY_BYTES, MAX_IMPORT_BYTES, MAX_CHECK_BYTES]).toEqual([32_768, 262_144, 1_024]);
});
