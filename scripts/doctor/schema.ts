import { type Answer, explainAnswer } from "./ask.ts";
import { type Check, type Finding, failure, ok } from "./check.ts";
import { compareSchema, explainDifferences } from "./compare-schema.ts";
import { PROFILE } from "./keys.ts";
import { readExpectedSchema, type SchemaRow } from "./schema-rows.ts";
import type { Subject } from "./subject.ts";

const PAGE = 1_000;
/** More than any database has. */
const MOST_PAGES = 200;
const APPLY =
  "Run `npx supabase@3.1.0 db push --remote`, or paste the files of supabase/migrations into the SQL editor, that one and every later one.";
const APPLY_EMBEDDED = "Stop `npm run dev` and start it again: it applies the migrations first.";

export const SCHEMA: Check[] = [
  {
    id: "schema",
    title: "migrations, grants, and row-level security",
    needs: ["data-api"],
    run: checkSchema,
  },
];

const isRow = (row: unknown): row is SchemaRow =>
  ["kind", "object", "name", "detail"].every((name) => typeof Object(row)[name] === "string");

async function checkSchema(subject: Subject): Promise<Finding | Finding[]> {
  const apply = subject.isEmbedded ? APPLY_EMBEDDED : APPLY;
  const rows: SchemaRow[] = [];
  let offset = 0;
  // One page at a time, until there are no more.
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await subject.ask(
      `/rest/v1/rpc/doctor_schema?order=kind,object,name&limit=${PAGE}&offset=${offset}`,
      { key: subject.secret?.key, post: {}, headers: PROFILE },
    );
    if (answer.status !== 200 || !Array.isArray(answer.body)) return explainRefusal(answer, apply);
    if (answer.body.length === 0) break;
    rows.push(...answer.body.filter(isRow));
    offset += answer.body.length;
  }
  const differences = explainDifferences(compareSchema(readExpectedSchema(), rows), apply);
  if (differences.length > 0) return differences;
  return ok("All migrations are applied, and grants, policies, and row-level security are as they set them");
}

function explainRefusal(answer: Answer, apply: string): Finding {
  // Also where PostgREST hasn't noticed it yet: https://docs.postgrest.org/en/v14/references/errors.html
  if (answer.code === "PGRST202" || answer.code === "42883") {
    return failure(
      "The newest migrations aren't applied: the function doctor_schema, which describes the database, isn't there.",
      `${apply} If they are applied, have the Data API notice them: notify pgrst, 'reload schema';`,
    );
  }
  return failure(`The database can't be described (${explainAnswer(answer)}).`, apply);
}
