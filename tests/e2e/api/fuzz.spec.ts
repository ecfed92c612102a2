import fc from "fast-check";
import { TEAM_PROBLEMS } from "../../../lib/teams/errors";
import { findCatalogEntry } from "../../../lib/vault/catalog";
import { VAULT_PROBLEMS } from "../../../lib/vault/errors";
import { checkValue } from "../../../lib/vault/rules";
import { CATEGORIES } from "../../../lib/vault/types";
import { USAGE_PROBLEMS } from "../../../lib/vault-usage/errors";
import { WEBHOOK_PROBLEMS } from "../../../lib/webhooks/errors";
import { APP_URL } from "../../support/ports";
import { test as base, expect } from "../fixtures";
import {
  as,
  expectOk,
  expectProblem,
  JSON_TYPE,
  newPerson,
  type Person,
  post,
  type Reply,
  type Sending,
  withoutUse,
} from "./client";

// Requests that nobody thought of. A failure prints its seed and path; fc.assert takes both, and repeats it.

const PROBLEMS = { ...VAULT_PROBLEMS, ...USAGE_PROBLEMS, ...TEAM_PROBLEMS, ...WEBHOOK_PROBLEMS };
/** Is part of what is sent, and must not come back but in a reveal. */
const MARKER = "sk-test-marker-not-real";
const KEYS = ["OPENAI_API_KEY", "CERTIFICATE", "A"] as const;
const VALUE = "sk-test-stored-before-not-real";

/** Of the body that sets a secret. */
const MEMBERS = [
  "key",
  "value",
  "category",
  "description",
  "use_only",
  "expires_at",
  "team_id",
  "if_updated_at",
];

const test = base.extend<{ person: Person }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
  person: async ({}, use) => use(await newPerson()),
});

/** What is acceptable of any reply: a problem of our lists with its own status below 500, or a success. */
function expectProper(reply: Reply): void {
  expect(reply.status).toBeLessThan(500);
  if (reply.status >= 400) {
    const code: keyof typeof PROBLEMS = reply.json?.code;
    expectProblem(reply, PROBLEMS[code]?.status, code);
  } else {
    expectOk(reply, reply.status);
    expect([200, 201, 204]).toContain(reply.status);
  }
}

const marked = fc.oneof(
  fc.constant(MARKER),
  fc.string({ unit: "binary", maxLength: 20 }).map((text) => `${MARKER}${text}`),
  fc.string({ unit: "binary", maxLength: 20 }).map((text) => `${text}${MARKER}`),
);
const key = fc.constantFrom(...KEYS);
const anything = fc.oneof(
  fc.jsonValue(),
  marked,
  fc.constantFrom("__proto__", "constructor", "eq.A", "in.(A,B)"),
);

/** A body that would be taken, with one of its members made something else, or with a member more. */
const nearlyValid = fc
  .tuple(
    fc.record({ key, value: marked, category: fc.constantFrom(...CATEGORIES), description: marked }),
    fc.constantFrom(...MEMBERS, "owner_id", "__proto__"),
    anything,
  )
  .map(([body, member, other]) => {
    const members = { ...body, ...(member === "__proto__" ? {} : { [member]: other }) };
    // JSON.stringify leaves a prototype out, and JSON.parse makes a member of it.
    const text = JSON.stringify(members);
    return member === "__proto__" ? text.replace("{", `{"__proto__":${JSON.stringify(other)},`) : text;
  });

const bodies: fc.Arbitrary<Pick<Sending, "body">> = fc.oneof(
  { weight: 4, arbitrary: nearlyValid.map((body) => ({ body })) },
  { weight: 2, arbitrary: fc.json().map((body) => ({ body })) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ body: Buffer.from(bytes) })) },
  { weight: 1, arbitrary: marked.map((body) => ({ body })) },
);

const parameter = fc.tuple(
  fc.oneof(
    fc.constantFrom("key", "reveal", "copy", "team_id", "select", "or", "key[]", "__proto__"),
    fc.string({ unit: "binary" }),
  ),
  fc.oneof(
    key,
    fc.constantFrom("true", "false", "eq.A", ""),
    fc.uuid(),
    marked,
    fc.string({ unit: "binary" }),
  ),
);
/** Escaped as a client would, or with escapes that are none. */
const query = fc.oneof(
  fc.array(parameter, { maxLength: 4 }).map((parameters) => new URLSearchParams(parameters).toString()),
  fc.stringMatching(/^[!-"$-~]{0,40}$/),
);

/** Of those that Node sends: their values may have any byte but control characters. */
const header = fc.tuple(
  fc.constantFrom(
    "Content-Type",
    "Content-Encoding",
    "Origin",
    "Sec-Fetch-Site",
    "Accept",
    "X-Forwarded-Host",
    "If-Match",
  ),
  fc.oneof(
    fc.constantFrom("application/json", "null", "same-origin", "cross-site", "gzip", "text/plain"),
    fc.stringMatching(/^[\x20-\x7e\xa0-\xff]{0,30}$/),
  ),
);

const requests = fc.record({
  method: fc.constantFrom("GET", "POST", "POST", "POST", "DELETE", "PUT", "PATCH"),
  query,
  sending: fc.oneof(
    { weight: 4, arbitrary: bodies },
    { weight: 1, arbitrary: fc.constant<Pick<Sending, "body">>({}) },
  ),
  headers: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(header, { maxLength: 3 }) },
  ),
  chunked: fc.boolean(),
});

test("whatever the vault is sent, its reply is proper, repeats nothing, and nothing else is stored", async ({
  person,
}) => {
  const ask = as(person);
  const list = async () => expectOk(await ask("/api/vault")).secrets.map(withoutUse);
  const reveal = async (name: string) => expectOk(await ask(`/api/vault?key=${name}&reveal=true`)).value;
  let known = await list();
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, query, sending, headers, chunked }) => {
      const path = method === "POST" ? "/api/vault" : `/api/vault?${query}`;
      const before = known;
      const reply = await ask(path, {
        ...sending,
        method,
        // Of other methods, Node's client would write the body as it is.
        chunked: chunked && method === "POST",
        headers: { ...JSON_TYPE, ...Object.fromEntries(headers) },
      });
      expectProper(reply);
      const after = await list();
      known = after;
      if (reply.status >= 400 || method === "GET") {
        // A problem's sentence may name the rule, and never what was sent.
        if (reply.status >= 400) expect(reply.text).not.toContain(MARKER);
        expect(after).toEqual(before);
      } else if (method === "POST") {
        const sent = JSON.parse(String(sending.body));
        expect(MEMBERS).toEqual(expect.arrayContaining(Object.keys(sent)));
        expect(after).toContainEqual(withoutUse(reply.json));
        expect(reply.json).toMatchObject({ key: sent.key, owner_id: person.id });
        expect(reply.text).not.toContain("value");
        const others = (secrets: { key: string }[]) => secrets.filter((secret) => secret.key !== sent.key);
        expect(others(after)).toEqual(others(before));
        if (sent.use_only === true) expect(reply.json.details.use_only).toBe(true);
        if (reply.json.details?.use_only) {
          expectProblem(await ask(`/api/vault?key=${sent.key}&reveal=true`), 403, "secret_use_only");
        } else if (sent.value !== undefined) {
          expect(await reveal(sent.key)).toBe(asStored(sent.key, sent.value));
        }
      }
    }),
    { numRuns: 100 },
  );
});

/** Only a token is stored without the white space around it. */
function asStored(key: string, value: string): string {
  return findCatalogEntry(key)?.isToken ? value.trim() : value;
}

type Change =
  | { what: "set"; key: string; value: string; state: "any" | "current" | "stale" | "none" }
  | { what: "describe"; key: string; description: string }
  | { what: "import"; secrets: { key: string; value: string; knows: boolean }[] }
  | { what: "delete"; key: string };

/** Many that are kept, and some that whoever normalises, escapes or trims once too often would change. */
const value = fc.oneof(
  fc.stringMatching(/^[!-~]{20,80}$/),
  fc.constantFrom(
    "e\u0301",
    "\u212b",
    "a\tb",
    "\u00a0a",
    "a\u200b",
    "\ufb01",
    "%41",
    "a\\n",
    "&amp;",
    "$&",
    "1e3",
  ),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.stringMatching(/^ ?[a-z]{1,20}\n[a-z]{1,20}\n?$/),
);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    what: fc.constant("set" as const),
    key,
    value,
    state: fc.constantFrom("any", "any", "current", "stale", "none"),
  }),
  fc.record({
    what: fc.constant("describe" as const),
    key,
    description: fc.stringMatching(/^[a-z ]{0,20}$/),
  }),
  fc.record({
    what: fc.constant("import" as const),
    secrets: fc.uniqueArray(fc.record({ key, value, knows: fc.boolean() }), {
      minLength: 1,
      selector: (secret) => secret.key,
    }),
  }),
  fc.record({ what: fc.constant("delete" as const), key }),
);

test("what was acknowledged is what a listing and a reveal then give, and nothing else is", async ({
  person,
}) => {
  const ask = as(person);
  interface Known {
    value: string;
    description: string;
    updated_at: string;
  }
  const model = new Map<string, Known>();
  const STALE = "2020-01-01T00:00:00.000000Z";

  /** Applies a change to the server, and says in the model's words what is to be answered. */
  const apply = async (step: Change): Promise<void> => {
    if (step.what === "delete") {
      const reply = await ask(`/api/vault?key=${step.key}`, { method: "DELETE" });
      if (model.delete(step.key)) expectOk(reply, 204);
      else expectProblem(reply, 404, "secret_not_found");
    } else if (step.what === "describe") {
      const known = model.get(step.key);
      const reply = await ask("/api/vault", post({ key: step.key, description: step.description }));
      if (!known) return expectProblem(reply, 404, "secret_not_found");
      const { description, updated_at } = expectOk(reply);
      expect(description).toBe(step.description.trim());
      model.set(step.key, { ...known, description, updated_at });
    } else if (step.what === "set") {
      const known = model.get(step.key);
      const state = { any: undefined, current: known?.updated_at ?? null, stale: STALE, none: null }[
        step.state
      ];
      const reply = await ask("/api/vault", post({ key: step.key, value: step.value, if_updated_at: state }));
      const checked = checkValue(step.key, step.value);
      if ("problem" in checked) return expectProblem(reply, 400, "invalid_request");
      if (state === STALE && !known) return expectProblem(reply, 404, "secret_not_found");
      if (state !== undefined && state !== (known?.updated_at ?? null))
        return expectProblem(reply, 409, "secret_changed");
      const { description, updated_at } = expectOk(reply, known ? 200 : 201);
      model.set(step.key, { value: checked.value, description, updated_at });
    } else {
      const secrets = step.secrets.map(({ key, value, knows }) => ({
        ...{ key, value, if_updated_at: knows ? (model.get(key)?.updated_at ?? null) : STALE },
      }));
      const reply = await ask("/api/vault/import", post({ secrets }));
      const values = secrets.map(({ key, value }) => checkValue(key, value));
      if (values.some((checked) => "problem" in checked)) return expectProblem(reply, 400, "invalid_request");
      if (step.secrets.some(({ knows }) => !knows)) return expectProblem(reply, 409, "secret_changed");
      for (const { key, description, updated_at } of expectOk(reply).secrets) {
        const value = asStored(key, secrets.find((secret) => secret.key === key)?.value ?? "");
        model.set(key, { value, description, updated_at });
      }
    }
  };

  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 3, maxLength: 8, size: "max" }), async (steps) => {
      for (const known of model.keys()) await ask(`/api/vault?key=${known}`, { method: "DELETE" });
      model.clear();
      for (const step of steps) await apply(step);
      const { secrets } = expectOk(await ask("/api/vault"));
      const seen = new Map<string, Known>();
      for (const { key, description, updated_at } of secrets) {
        const { value } = expectOk(await ask(`/api/vault?key=${key}&reveal=true`));
        seen.set(key, { value, description, updated_at });
      }
      expect(seen).toEqual(new Map([...model].sort(([a], [b]) => (a < b ? -1 : 1))));
    }),
    { numRuns: 20 },
  );
});

test("whatever the headers, a foreign page's reveal and write are refused", async ({ person }) => {
  const ask = as(person);
  expectOk(await ask("/api/vault", post({ key: "A", value: VALUE })), 201);
  const any = fc.stringMatching(/^[\x20-\x7e\xa0-\xff]{0,40}$/);
  const nearly = fc.tuple(fc.constantFrom(APP_URL, "same-origin"), fc.stringMatching(/^[!-~]{1,9}$/));
  const text = fc.oneof(
    any,
    nearly.map(([ours, more]) => ours + more),
    nearly.map(([ours, more]) => more + ours),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("Origin", "Sec-Fetch-Site"),
      text,
      fc.boolean(),
      async (name, value, writes) => {
        fc.pre(value.trim() !== "same-origin");
        const headers = { [name]: value };
        const reply = writes
          ? await ask("/api/vault", post({ key: "A", value: MARKER }, headers))
          : await ask("/api/vault?key=A&reveal=true", { headers });
        expectProblem(reply, 403, "cross_origin");
      },
    ),
    { numRuns: 60 },
  );
  expect(expectOk(await ask("/api/vault?key=A&reveal=true")).value).toBe(VALUE);
});
