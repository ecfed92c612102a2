import { z } from "zod";
import { cursor } from "../cursor";
import { usd } from "../supabase/usd";
import { utcTime, uuid } from "../vault/schema";
import { STOP_REASONS, type UsageDetails } from "../vault-usage/types";
import { RANGES } from "./range";

/** The parameters of `GET /api/usage`. Without `team_id` it is the signed-in person's own workspace. */
export const usageQuery = z.strictObject({
  team_id: uuid.optional(),
  range: z.enum(RANGES, `range must be one of ${RANGES.join(", ")}.`).optional(),
  format: z.enum(["json", "csv"], "format must be json or csv.").optional(),
});

/** The parameters of `GET /api/usage/runs`. */
export const runsQuery = z.strictObject({ team_id: uuid.optional(), before: cursor.optional() });

const source = z.enum(["user", "team", "env"]);
export const tokens = {
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
  kind: z.string(),
  runs: z.number(),
  ...tokens,
  cost_usd: usd.nullable(),
  unpriced: z.number(),
  inexact: z.number(),
});
export type SumRow = z.infer<typeof sumRow>;

const details = z.object({
  cache_creation_1h_input_tokens: z.number().optional(),
  thinking_tokens: z.number().optional(),
  web_search_requests: z.number().optional(),
  web_fetch_requests: z.number().optional(),
  service_tier: z.string().optional(),
  speed: z.string().optional(),
  inference_geo: z.string().optional(),
}) satisfies z.ZodType<UsageDetails>;

/** A row of reveal_runs. Here, too, the person's id does not leave. */
export const runRow = z.object({
  id: z.string(),
  user_id: z.string().nullable(),
  created_at: utcTime,
  kind: z.string(),
  key: z.string(),
  model: z.string(),
  source,
  status: z.string(),
  stop_reason: z.enum(STOP_REASONS).nullable(),
  duration_ms: z.number().nullable(),
  ...tokens,
  is_counted: z.boolean(),
  cost_usd: usd.nullable(),
  cost_exact: z.boolean(),
  details,
});
export type RunRow = z.infer<typeof runRow>;
