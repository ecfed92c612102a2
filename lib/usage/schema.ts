import { z } from "zod";
import { cursor } from "../cursor";
import { utcTime, uuid } from "../vault/schema";

/** The parameters of `GET /api/usage`. Without `team_id` it is the signed-in person's own workspace. */
export const usageQuery = z.strictObject({
  team_id: uuid.optional(),
  format: z.enum(["json", "csv"], "format is json or csv.").optional(),
});

/** The parameters of `GET /api/usage/runs`. */
export const runsQuery = z.strictObject({ team_id: uuid.optional(), before: cursor.optional() });

const source = z.enum(["user", "team", "env"]);
const tokens = {
  input_tokens: z.number(),
  output_tokens: z.number(),
  cache_creation_input_tokens: z.number(),
  cache_read_input_tokens: z.number(),
};

/** A row of the function reveal_usage. The id is for finding the name, and does not leave. */
export const sumRow = z.object({
  day: z.string(),
  user_id: z.string().nullable(),
  source,
  model: z.string(),
  runs: z.number(),
  ...tokens,
});
export type SumRow = z.infer<typeof sumRow>;

/** A row of reveal_runs. Here, too, the person's id does not leave. */
export const runRow = z.object({
  id: z.string(),
  user_id: z.string().nullable(),
  created_at: utcTime,
  kind: z.enum(["run", "analyze"]),
  model: z.string(),
  source,
  status: z.string(),
  duration_ms: z.number().nullable(),
  ...tokens,
});
export type RunRow = z.infer<typeof runRow>;
