import { explainAnswer } from "./ask.ts";
import { type Check, type Finding, failure, ok } from "./check.ts";
import { askAsServer, PROFILE } from "./keys.ts";
import type { Subject } from "./subject.ts";

export const DATA_API: Check[] = [
  {
    id: "data-api",
    title: "the Data API",
    ground: "the Data API works",
    needs: ["secret"],
    run: checkDataApi,
  },
  { id: "max-rows", title: "how many rows the Data API returns", needs: ["data-api"], run: checkMaxRows },
];

// https://docs.postgrest.org/en/v14/references/errors.html. With the Data API off, PostgREST is given a schema that isn't
// there: https://supabase.com/docs/guides/troubleshooting/schema-pg_pgrst_no_exposed_schemas-does-not-exist
async function checkDataApi(subject: Subject): Promise<Finding> {
  const answer = await askAsServer(subject);
  switch (answer.code) {
    case "PGRST106":
      return failure(
        "The Data API doesn't expose the schema public (PGRST106).",
        "Turn the Data API on under Integrations → Data API, and add public to the exposed schemas.",
      );
    case "PGRST002":
    case "3F000":
      return failure(
        `The Data API can't read the database's schema (${answer.code}): it's off, or exposes a schema that doesn't exist.`,
        "Turn it on under Integrations → Data API, and have it expose public. If it is on, wait a minute and run this again.",
      );
    case "PGRST000":
    case "PGRST001":
    case "PGRST003":
    case "57P03":
      return failure(
        `The Data API can't reach the database (${answer.code}).`,
        "See the database's health in Supabase's dashboard, and its disk space.",
      );
  }
  // A table that is missing is missing from the schema that it exposes: the migrations say why.
  if (answer.status === 200 || answer.code === "PGRST205" || answer.code === "42P01") {
    return ok("The Data API is on and exposes public");
  }
  return failure(
    `The Data API doesn't work (${explainAnswer(answer)}).`,
    "See Logs → API in Supabase's dashboard.",
  );
}

/** What lib/supabase/all-rows.ts takes for a full page. */
const LEAST_ROWS = 1_000;

async function checkMaxRows({ ask, secret }: Subject): Promise<Finding | Finding[]> {
  const { body } = await ask("/rest/v1/rpc/doctor_rows", { key: secret?.key, post: {}, headers: PROFILE });
  // Without the function, the check of the migrations says so.
  if (!Array.isArray(body)) return [];
  if (body.length >= LEAST_ROWS) return ok("The Data API returns enough rows at once");
  return failure(
    `The Data API returns at most ${body.length} rows at once, and the app needs ${LEAST_ROWS}: longer lists would end early.`,
    `Set Max rows to ${LEAST_ROWS} or more under Integrations → Data API → Settings.`,
  );
}
