import { randomUUID } from "node:crypto";
import { JSON_TYPE, post, type Sending } from "../client";
import { ABSENT, answered, ECHO, KEY, type Row, type Theme } from "./row";

const good = JSON.stringify({ key: KEY, value: ECHO });
const latin1 = (text: string) => Buffer.from(text, "latin1");

/** What is no JSON in UTF-8, or no object. */
const TEXTS: [string, string | Buffer][] = [
  ["nothing", ""],
  ["only blanks", "   \n"],
  ["half a JSON", `{"key":"${KEY}","value":"${ECHO}`],
  ["two objects", `${good}${good}`],
  ["something after it", `${good};`],
  ["a comma at the end", `{"key":"${KEY}","value":"${ECHO}",}`],
  ["single quotes", `{'key':'${KEY}','value':'${ECHO}'}`],
  ["a comment", `{"key":"${KEY}", /* ${ECHO} */ "value":"${ECHO}"}`],
  ["NaN", `{"key":"${KEY}","value":NaN}`],
  ["a line break in a text", `{"key":"${KEY}","description":"a\n${ECHO}"}`],
  ["a form", `key=${KEY}&value=${ECHO}`],
  ["XML", `<key>${KEY}</key>`],
  ["UTF-8 that is none", latin1(`{"key":"PEM","value":"${ECHO}\xff"}`)],
  ["UTF-8 that is cut", latin1(`{"key":"PEM","value":"${ECHO}\xe2\x82"}`)],
  ["UTF-8 that is longer than it need be", latin1(`{"key":"PEM","value":"${ECHO}\xc0\xaf"}`)],
  ["a surrogate in UTF-8", latin1(`{"key":"PEM","value":"${ECHO}\xed\xa0\x80"}`)],
  ["UTF-16", Buffer.from(good, "utf16le")],
  ["a NUL before it", `\0${good}`],
  ["an array", `[${good}]`],
  ["null", "null"],
  ["true", "true"],
  ["a number", "1e999"],
  ["a text", JSON.stringify(good)],
  ["brackets 15,000 deep", "[".repeat(15_000) + "]".repeat(15_000)],
  ["objects 5,000 deep", `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`],
  ["a prototype", `{"key":"${KEY}","__proto__":{"value":"${ECHO}"}}`],
  ["a prototype beside it", `{"key":"${KEY}","value":"${ECHO}","__proto__":{"team_id":"x"}}`],
  ["a key that is overwritten", `{"key":"${KEY}","key":"small","value":"${ECHO}"}`],
];

const value = ECHO;
/** Members that are not what they should be. */
const MEMBERS: Record<string, object> = {
  "an empty object": {},
  "only a key": { key: KEY },
  "an unknown member": { key: KEY, value, [ECHO]: 1 },
  "a member in capitals": { Key: KEY, value },
  "a member with a blank": { "key ": KEY, value },
  "a member as an array's": { "key[]": KEY, value },
  "a user_id": { key: KEY, value, user_id: randomUUID() },
  "an owner_id": { key: KEY, value, owner_id: randomUUID() },
  "an owner_type": { key: KEY, value, owner_type: "team" },
  "an id": { key: KEY, value, id: randomUUID() },
  "an encrypted value": { key: KEY, encrypted_value: "v1.AAAA" },
  "its own times": { key: KEY, value, created_at: "2026-01-01T00:00:00Z" },
  "a constructor": { key: KEY, value, constructor: { prototype: 1 } },
  "a toString": { key: KEY, value, toString: "x" },
  "no key": { value },
  "a list for a key": { key: [KEY], value },
  "an operator for a key": { key: { $ne: null }, value },
  "null for a key": { key: null, value },
  "a number for a key": { key: 1, value },
  "a key in small letters": { key: "openai", value },
  "a key of 65 characters": { key: "A".repeat(65), value },
  "a key that begins with a digit": { key: "1KEY", value },
  "a key in wide letters": { key: "ＫＥＹ", value },
  "a key with a path": { key: "../KEY", value },
  "a filter for a key": { key: `eq.${KEY}`, value },
  "two keys in one": { key: `${KEY},${ABSENT}`, value },
  "a line break after the key": { key: `${KEY}\n`, value },
  "a NUL after the key": { key: `${KEY}\0`, value },
  "a key of a prototype's name": { key: "__proto__", value },
  "a key of an object's member": { key: "toString", value },
  "a number for a value": { key: KEY, value: 1 },
  "true for a value": { key: KEY, value: true },
  "null for a value": { key: KEY, value: null },
  "a list for a value": { key: KEY, value: [value] },
  "an object for a value": { key: KEY, value: { toString: value } },
  "an empty value": { key: KEY, value: " " },
  "half a surrogate pair": { key: "PEM", value: `${value}\ud800` },
  "a NUL in the value": { key: "PEM", value: `${value}\0` },
  "an escape in the value": { key: "PEM", value: `${value}\u001b[0m` },
  "a line break in a provider's key": { key: KEY, value: `${value}\n${value}` },
  "a header in a provider's key": { key: KEY, value: `${value}\r\nX-Injected: 1` },
  "a provider's key that is no ASCII": { key: KEY, value: `${value}ü` },
  "a masked value": { key: KEY, value: "••••••••" },
  "quotes around the value": { key: KEY, value: `"${value}"` },
  "a line of a .env file": { key: KEY, value: `export ${KEY}=${value}` },
  "a value of 8,193 bytes": { key: "PEM", value: "x".repeat(8_193) },
  "an unknown category": { key: KEY, category: value },
  "a category in small letters": { key: KEY, category: "email" },
  "null for a category": { key: KEY, category: null },
  "a number for a description": { key: KEY, description: 1 },
  "a description of two lines": { key: KEY, description: `${value}\n${value}` },
  "a description of 501 characters": { key: KEY, description: "x".repeat(501) },
  "half a character in a description": { key: KEY, description: `${value}\udc00` },
  "a filter for a team": { key: KEY, value, team_id: `neq.${randomUUID()}` },
  "null for a team": { key: KEY, value, team_id: null },
  "a list of teams": { key: KEY, value, team_id: [randomUUID()] },
  "two teams in one": { key: KEY, value, team_id: `${randomUUID()},${randomUUID()}` },
  "no time": { key: KEY, value, if_updated_at: "now()" },
  "a number for a time": { key: KEY, value, if_updated_at: 0 },
  "a year that the database has not": { key: KEY, value, if_updated_at: "0000-01-01T00:00:00Z" },
  "a time of another zone": { key: KEY, value, if_updated_at: "2026-01-01T00:00:00+23:59" },
  "a text for use_only": { key: KEY, value, use_only: "true" },
  "a number for use_only": { key: KEY, value, use_only: 1 },
  "null for use_only": { key: KEY, value, use_only: null },
  "a list for use_only": { key: KEY, value, use_only: [true] },
  "a use-only key shown without a new value": { key: KEY, use_only: false },
  "the same beside a category": { key: KEY, category: "Email", use_only: false },
  "no time for an expiry": { key: KEY, value, expires_at: "tomorrow" },
  "a day for an expiry": { key: KEY, value, expires_at: "2027-01-01" },
  "an empty text for an expiry": { key: KEY, value, expires_at: "" },
  "a number for an expiry": { key: KEY, value, expires_at: 1_800_000_000 },
  "a list for an expiry": { key: KEY, value, expires_at: ["2027-01-01T00:00:00Z"] },
  "an expiry in a year that the database has not": { key: KEY, value, expires_at: "0000-01-01T00:00:00Z" },
  "an expiry in a year of five digits": { key: KEY, value, expires_at: "10000-01-01T00:00:00Z" },
  "an expiry on a day that there is not": { key: KEY, value, expires_at: "2027-02-30T00:00:00Z" },
  "an expiry of another zone": { key: KEY, value, expires_at: "2027-01-01T00:00:00+23:59" },
  "an expiry of 200 digits": { key: KEY, value, expires_at: `2027-01-01T00:00:00.${"1".repeat(200)}Z` },
  "an expiry of infinity": { key: KEY, value, expires_at: "infinity" },
  "a hint of its own": { key: KEY, value, hint: "abcd" },
  "somebody else who added it": { key: KEY, value, added_by: randomUUID() },
  "details of its own": { key: KEY, value, details: { use_only: false } },
  "a time of 200 digits": { key: KEY, value, if_updated_at: `2026-01-01T00:00:00.${"1".repeat(200)}Z` },
};

const one = { key: "NEW", value, if_updated_at: null };
const IMPORTS: Record<string, object> = {
  "no list": {},
  "an object for a list": { secrets: { length: 1, 0: one } },
  "null for a list": { secrets: null },
  "an empty list": { secrets: [] },
  "201 secrets": { secrets: Array.from({ length: 201 }, (_, index) => ({ ...one, key: `NEW_${index}` })) },
  "the same key twice": { secrets: [one, one] },
  "a good one and one without a value": { secrets: [one, { key: "OTHER", if_updated_at: null }] },
  "a good one and one of no form": { secrets: [one, { ...one, key: KEY, value: `${ECHO}\ntwo lines` }] },
  "a secret that is null": { secrets: [one, null] },
  "a secret that is a list": { secrets: [[one]] },
  "a secret without its state": { secrets: [{ key: "NEW", value }] },
  "a secret of its own owner": { secrets: [{ ...one, owner_id: randomUUID() }] },
  "a secret of its own team": { secrets: [{ ...one, team_id: randomUUID() }] },
  "a secret with its own use_only": { secrets: [{ ...one, use_only: true }] },
  "a secret with its own expiry": { secrets: [{ ...one, expires_at: "2027-01-01T00:00:00Z" }] },
  "a text for use_only": { secrets: [one], use_only: "false" },
  "null for use_only": { secrets: [one], use_only: null },
  "a key in small letters": { secrets: [{ ...one, key: "new" }] },
  "a filter for a team": { secrets: [one], team_id: `eq.${randomUUID()}` },
};

const CHECKS: Record<string, object> = {
  "no key": {},
  "a key without a provider": { key: "MY_OWN_KEY" },
  "the master key": { key: "VAULT_MASTER_KEY" },
  "a key in small letters": { key: KEY.toLowerCase() },
  "a list of keys": { key: [KEY] },
  "a value": { key: KEY, value },
  "an address": { key: KEY, url: "https://evil.test" },
  "a prototype's name": { key: "__proto__" },
};

const reveals = (text: string, most: number): Record<string, object> => ({
  "no text": {},
  "an empty text": { [text]: "" },
  "a text of blanks": { [text]: " \n " },
  "a list of texts": { [text]: [ECHO] },
  "half a surrogate pair": { [text]: `${ECHO}\ud800` },
  "a text that is too long": { [text]: "x".repeat(most + 1) },
  "a model that is not offered": { [text]: ECHO, model: "claude-opus" },
  "a list of models": { [text]: ECHO, model: ["claude-sonnet-5-5"] },
  "a prototype's name for a model": { [text]: ECHO, model: "constructor" },
  "a model with a long name": { [text]: ECHO, model: "m".repeat(101) },
  "a number for an id": { [text]: ECHO, id: 1 },
  "an id that is none": { [text]: ECHO, id: "run-1" },
  "a key": { [text]: ECHO, key: "ANTHROPIC_API_KEY" },
  "an unknown source": { [text]: ECHO, source: "platform" },
  "a list of sources": { [text]: ECHO, source: ["user", "env"] },
  "a prototype's name for a source": { [text]: ECHO, source: "constructor" },
  "a filter for a team": { [text]: ECHO, team_id: `neq.${randomUUID()}` },
});

const rowsOf = (path: string, bodies: Record<string, object>) =>
  Object.entries(bodies).map(([what, body]) => ({ name: `${path} with ${what}`, path, sending: post(body) }));

/** What stands in the body is not in its form, or asks for what is not so. */
export const bodies: Theme = ({ owner, webhook }) => {
  const early = "2020-01-01T00:00:00.000000Z";
  const sent = (body: string | Buffer): Sending => ({ method: "POST", headers: JSON_TYPE, body });
  const stale = (name: string, path: string, body: object): Row => ({
    ...{ name, path, sending: post(body), status: 409, code: "secret_changed" },
  });
  return [
    ...answered(400, "invalid_request", [
      ...TEXTS.map(([what, text]) => ({
        name: `a body of ${what}`,
        path: "/api/vault",
        sending: sent(text),
      })),
      ...rowsOf("/api/vault", MEMBERS),
      ...rowsOf("/api/vault/import", IMPORTS),
      ...rowsOf("/api/vault/check", CHECKS),
      ...rowsOf("/api/reveal/run", reveals("prompt", 20_000)),
      ...rowsOf("/api/reveal/analyze", reveals("text", 200_000)),
      ...rowsOf("/api/summarize", reveals("text", 20_000)),
    ]),
    ...answered(404, "secret_not_found", [
      {
        name: "metadata of what is not there",
        path: "/api/vault",
        sending: post({ key: ABSENT, category: "Email" }),
      },
      {
        name: "a state of what is not there",
        path: "/api/vault",
        sending: post({ key: ABSENT, value: "sk_test_not_real", if_updated_at: early }),
      },
      {
        name: "a deletion of a state of what is not there",
        path: `/api/vault?key=${ABSENT}&if_updated_at=${early}`,
        sending: { method: "DELETE" },
      },
      { name: "a check of what is not there", path: "/api/vault/check", sending: post({ key: ABSENT }) },
    ]),
    stale("an older state", "/api/vault", { key: KEY, value, if_updated_at: early }),
    {
      ...{ name: "a deletion of an older state", path: `/api/vault?key=${KEY}&if_updated_at=${early}` },
      ...{ sending: { method: "DELETE" }, status: 409, code: "secret_changed" },
    },
    stale("no state where there is one", "/api/vault", { key: KEY, value, if_updated_at: null }),
    stale("an import over what is there", "/api/vault/import", { secrets: [one, { ...one, key: KEY }] }),
    {
      ...{
        name: "an id of a person for a webhook",
        path: "/api/webhooks",
        status: 404,
        code: "webhook_not_found",
      },
      sending: { ...post({ id: owner.id, paused: true }), method: "PATCH" },
    },
    {
      ...{
        name: "a webhook with the address of another",
        path: "/api/webhooks",
        status: 409,
        code: "webhook_exists",
      },
      sending: post({ url: "https://127.0.0.1:9/hook#again" }),
    },
    {
      ...{ name: "a change of nothing", path: "/api/webhooks", status: 400, code: "invalid_request" },
      sending: { ...post({ id: webhook }), method: "PATCH" },
    },
  ];
};
