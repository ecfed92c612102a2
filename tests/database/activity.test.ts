import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openBareDatabase } from "../support/bare-postgres.ts";

// public.activity puts a statement together for each way to look; a plain query, which reads everything, has to agree.

const TEAM = "7e000000-0000-4000-8000-000000000001";
const OTHER_TEAM = "7e000000-0000-4000-8000-000000000002";
const person = (n: number) => `0a000000-0000-4000-8000-00000000000${n}`;
const PEOPLE = [1, 2, 3, 4].map(person);
const KEYS = ["A_KEY", "AB_KEY", "ABXKEY", "OTHER"];
const ABOUT_KEYS = ["created", "replaced", "revealed", "checked"];
const ABOUT_OTHERS = ["imported", "role_changed", "member_left"];
const DAYS = Array.from({ length: 12 }, (_, day) => `2026-03-${String(day + 1).padStart(2, "0")}`);

let database: Database;
beforeAll(async () => {
  database = await openBareDatabase();
  const events = fc.sample(
    fc.record({
      team: fc.constantFrom(TEAM, TEAM, TEAM, OTHER_TEAM),
      key: fc.option(fc.constantFrom(...KEYS), { freq: 4 }),
      keyed: fc.constantFrom(...ABOUT_KEYS),
      other: fc.constantFrom(...ABOUT_OTHERS),
      actor: fc.constantFrom(...PEOPLE),
      subject: fc.option(fc.constantFrom(...PEOPLE)),
      isPart: fc.boolean(),
      day: fc.constantFrom(...DAYS),
    }),
    { numRuns: 400, seed: 2026 },
  );
  const text = (value: string | null) => (value === null ? "null" : `'${value}'`);
  const rows = events.map(({ team, key, keyed, other, actor, subject, isPart, day }) => {
    const part = key !== null && isPart ? "ee000000-0000-4000-8000-000000000001" : null;
    const values = [team, key, key ? keyed : other, actor, key ? null : subject, part, `${day}T12:00:00Z`];
    return `('team', ${values.map(text).join()})`;
  });
  await database.exec(`
    insert into auth.users (id, email) values
      ${PEOPLE.map((id, n) => `('${id}', '${["ann", "ab_ben", "abxcy", "other"][n]}@vault.test')`).join()};
    insert into public.teams (id, name) values ('${TEAM}', 'Crew'), ('${OTHER_TEAM}', 'Other');
    delete from public.vault_events;
    insert into public.vault_events (owner_type, owner_id, key, action, actor_id, subject_id, import_id, created_at)
      values ${rows.join(",\n")};
    set role service_role;
  `);
}, 60_000);
afterAll(() => database.close());

interface Filter {
  only_key: string | null;
  only_actions: string[] | null;
  only_person: string | null;
  search: string | null;
  from_time: string | null;
  to_time: string | null;
  with_parts: boolean;
}

const literal = (value: Filter[keyof Filter]) =>
  value === null
    ? "null"
    : Array.isArray(value)
      ? `'{${value.join()}}'::text[]`
      : typeof value === "string"
        ? `'${value}'`
        : String(value);

async function ids(sql: string): Promise<string[]> {
  return ((await database.query(sql)).rows as { id: string }[]).map(({ id }) => id);
}

/** Everything that the filter leaves, in pages of seven. */
async function inPages(filter: Filter): Promise<string[]> {
  const given = Object.entries(filter).map(([name, value]) => `${name} => ${literal(value)}`);
  const found: string[] = [];
  for (;;) {
    const last = found.at(-1);
    const before = last
      ? `, before_id => '${last}', before_time => (select created_at from public.vault_events where id = '${last}')`
      : "";
    const page = await ids(`select id from public.activity('team', '${TEAM}', 7, ${given.join()}${before})`);
    found.push(...page);
    if (page.length < 7) return found;
  }
}

function oracle({ only_key, only_actions, only_person, search, from_time, to_time, with_parts }: Filter) {
  const holds = (text: string) => `position(lower('${search}') in lower(${text})) > 0`;
  const emailOf = (id: string) => `(select email from public.profiles where user_id = ${id})`;
  const isWhole = !with_parts && !only_key && (!only_actions || only_actions.includes("imported"));
  // A part that a search finds by its key is shown; one that it finds by its person alone is not.
  const byPerson = `(actor_id = '${only_person}' or subject_id = '${only_person}')`;
  const conditions = [
    `owner_id = '${TEAM}'`,
    only_key && `key = '${only_key}'`,
    only_actions && `action = any (${literal(only_actions)})`,
    only_person && byPerson,
    from_time && `created_at >= '${from_time}'`,
    to_time && `created_at < '${to_time}'`,
    search
      ? `(coalesce(${holds("key")}, false) or (coalesce(${holds(emailOf("actor_id"))}, false)
          or coalesce(${holds(emailOf("subject_id"))}, false)) ${isWhole ? "and import_id is null" : ""})`
      : isWhole && "import_id is null",
  ].filter(Boolean);
  return ids(
    `select id from public.vault_events where ${conditions.join(" and ")} order by created_at desc, id desc`,
  );
}

test("However the log is looked up, in pages, it is what reading all of it leaves", async () => {
  const filters = fc.record({
    only_key: fc.option(fc.constantFrom(...KEYS, "MISSING"), { freq: 2 }),
    only_actions: fc.option(fc.subarray([...ABOUT_KEYS, ...ABOUT_OTHERS], { minLength: 1 }), { freq: 2 }),
    only_person: fc.option(fc.constantFrom(...PEOPLE, person(9)), { freq: 2 }),
    search: fc.option(fc.constantFrom("a", "b_", "AB", "ann@", "vault.test", "%", "nobody"), { freq: 2 }),
    from_time: fc.option(fc.constantFrom(...DAYS), { freq: 1 }),
    to_time: fc.option(fc.constantFrom(...DAYS), { freq: 1 }),
    with_parts: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(filters, async (filter) => {
      expect(await inPages(filter)).toEqual(await oracle(filter));
    }),
    { numRuns: 100 },
  );
}, 180_000);
