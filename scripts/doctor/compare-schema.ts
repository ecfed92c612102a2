import { type Finding, failure, warning } from "./check.ts";
import { type ExpectedRow, keyOf, nameOf, type SchemaRow } from "./schema-rows.ts";

/** What is named before "and 12 more". */
const NAMED = 3;

/** Kinds whose change opens something, and which a pasted migration alone wouldn't undo. */
const GUARDS = ["table", "policy", "grant", "view"];

/** What differs between a database and the migrations, by what a person has to do about it. */
export interface Differences {
  /** Objects that are missing or other than the migration made them, in the migrations' order. */
  missing: ExpectedRow[];
  /** Files of which nothing is there. */
  unapplied: string[];
  /** Row-level security, policies, and views that were changed since. */
  changed: ExpectedRow[];
  /** Grants and policies that no migration makes, on the migrations' own objects. */
  opened: SchemaRow[];
  /** Columns, constraints, triggers, and overloads that no migration makes, on or beside them. */
  added: SchemaRow[];
}

/** Compares, and leaves out what belongs to other tables and functions than the migrations'. */
export function compareSchema(expected: readonly ExpectedRow[], actual: readonly SchemaRow[]): Differences {
  const there = new Map(actual.map((row) => [keyOf(row), row.detail]));
  const isChanged = (row: ExpectedRow) => there.has(keyOf(row)) && there.get(keyOf(row)) !== row.detail;
  const isGuard = ({ kind }: SchemaRow) => GUARDS.includes(kind);
  const differing = expected.filter((row) => there.get(keyOf(row)) !== row.detail);
  // An older one describes everything else in its own way.
  const asking = differing.find(
    ({ kind, object }) => kind === "function" && object === "public.doctor_schema()",
  );
  if (asking) {
    return { missing: [asking], unapplied: [asking.migration], changed: [], opened: [], added: [] };
  }
  const present = new Set(
    expected.filter((row) => !differing.includes(row)).map(({ migration }) => migration),
  );
  const unapplied = [...new Set(differing.map(({ migration }) => migration))].filter(
    (file) => !present.has(file),
  );
  const isUnapplied = ({ migration }: ExpectedRow) => unapplied.includes(migration);

  const known = new Set(expected.map(keyOf));
  const objects = new Set(expected.map(({ object }) => object));
  const functions = new Set(expected.filter(({ kind }) => kind === "function").map(nameOf));
  const extra = actual.filter((row) => !known.has(keyOf(row)));
  const isOurs = (row: SchemaRow) =>
    objects.has(row.object) ||
    row.object === "public" ||
    (row.kind === "function" && functions.has(nameOf(row)));
  // Others may have triggers of their own on auth.users.
  const ours = extra.filter((row) => isOurs(row) && row.object !== "auth.users");
  return {
    missing: differing.filter((row) => isUnapplied(row) || !(isGuard(row) && isChanged(row))),
    unapplied,
    changed: differing.filter((row) => !isUnapplied(row) && isGuard(row) && isChanged(row)),
    opened: ours.filter(isGuard),
    added: ours.filter((row) => !isGuard(row) && row.kind !== "index"),
  };
}

/**
 * One finding for each kind of difference.
 *
 * @param apply how to apply the migrations
 */
export function explainDifferences(differences: Differences, apply: string): Finding[] {
  const { missing, unapplied, changed, opened, added } = differences;
  const damaged = missing.filter(({ migration }) => !unapplied.includes(migration));
  return [
    ...explainUnapplied(unapplied, apply),
    ...explainDamaged(damaged),
    ...explainChanged(changed),
    // What a later migration would remove isn't a mistake.
    ...(unapplied.length > 0 ? [] : [...explainOpened(opened), ...explainAdded(added)]),
  ];
}

function explainUnapplied([first, ...others]: readonly string[], apply: string): Finding[] {
  if (!first) return [];
  const later = others.length;
  const rest = later > 0 ? ` and ${later} later ${later > 1 ? "ones" : "one"}` : "";
  return [failure(`Not applied: ${first}${rest}.`, `${apply} Then run this again.`)];
}

function explainDamaged(damaged: readonly ExpectedRow[]): Finding[] {
  const isOfTable = ({ kind }: SchemaRow) => kind === "column" || kind === "constraint";
  const [tables, others] = [damaged.filter(isOfTable), damaged.filter((row) => !isOfTable(row))];
  const says = "Missing, or not as the migrations made it";
  return [
    ...findingFor(others, failure, says, ([first]) => `${runAgain(first)}: running one twice does no harm.`),
    // A migration leaves a table that exists as it is.
    ...findingFor(
      tables,
      failure,
      says,
      () => "Restore it with `alter table` in the SQL editor. supabase/schema.txt has its definition.",
    ),
  ];
}

function explainChanged(changed: readonly ExpectedRow[]): Finding[] {
  const isTable = ({ kind }: SchemaRow) => kind === "table";
  const tables = changed
    .filter(isTable)
    .map(({ object }) =>
      failure(
        `Row-level security is off on ${object}.`,
        `In the SQL editor: alter table public.${object} enable row level security;`,
      ),
    );
  const altered = changed.filter((row) => !isTable(row));
  const says = "Changed since the migrations made it";
  return [...tables, ...findingFor(altered, failure, says, ([first]) => `${runAgain(first)}.`)];
}

function explainOpened(opened: readonly SchemaRow[]): Finding[] {
  const grants = opened.filter(({ kind }) => kind === "grant");
  const policies = opened.filter(({ kind }) => kind === "policy");
  const isServers = ({ name }: SchemaRow) => name.endsWith(" to service_role");
  const foreign = grants.filter((row) => !isServers(row));
  return [
    ...findingFor(foreign, failure, "More is granted than the app needs", statements(revokeOf)),
    ...findingFor(policies, failure, "There are policies that no migration makes", statements(dropOf)),
    ...findingFor(
      grants.filter(isServers),
      warning,
      "The server has more rights than it needs",
      statements(revokeOf),
    ),
  ];
}

const explainAdded = (added: readonly SchemaRow[]): Finding[] =>
  findingFor(
    added,
    warning,
    "Not from any migration",
    () => "Keep it if you added it yourself; otherwise find out who did.",
  );

/** One finding that names the rows; none without rows. */
function findingFor<Row extends SchemaRow>(
  rows: readonly Row[],
  as: typeof failure,
  says: string,
  remedy: (rows: readonly [Row, ...Row[]]) => string,
): Finding[] {
  const [first, ...others] = rows;
  return first ? [as(`${says}: ${listed(rows)}.`, remedy([first, ...others]))] : [];
}

const runAgain = ({ migration }: ExpectedRow): string =>
  `Run ${migration} and every later file in the SQL editor again`;

const statements = (statementOf: (row: SchemaRow) => string) => (rows: readonly SchemaRow[]) =>
  `In the SQL editor: ${rows.slice(0, NAMED).map(statementOf).join(" ")}${rows.length > NAMED ? " And so on." : ""}`;

const listed = (rows: readonly SchemaRow[]): string => {
  const names = rows.slice(0, NAMED).map(nameOf).join(", ");
  return rows.length > NAMED ? `${names}, and ${rows.length - NAMED} more` : names;
};

/** `select on teams to anon`, `select on vault_secrets.id to anon`, `execute on public.f(uuid) to public`, `create on schema public to anon` */
function revokeOf({ name }: SchemaRow): string {
  const [, privilege, target = "", role] = /^(\w+) on (.+) to (\w+)$/.exec(name) ?? [];
  const [, table, column] = /^(\w+)\.(\w+)$/.exec(target) ?? [];
  if (table) return `revoke ${privilege} (${column}) on public.${table} from ${role};`;
  if (privilege === "execute") return `revoke execute on function ${target} from ${role};`;
  return `revoke ${privilege} on ${target.startsWith("schema ") ? target : `public.${target}`} from ${role};`;
}

const dropOf = ({ name, object }: SchemaRow) =>
  `drop policy "${name.replaceAll('"', '""')}" on public.${object};`;
