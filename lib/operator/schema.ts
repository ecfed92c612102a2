import { z } from "zod";
import { cursor } from "../cursor";
import { usd } from "../supabase/usd";
import { tokens } from "../usage/schema";
import { utcTime, uuid } from "../vault/schema";
import { MAX_DAILY_TOKENS, OPERATOR_ACTIONS } from "./types";

/** The parameters of `GET /api/operator/usage`. */
export const operatorUsageQuery = z.strictObject({
  format: z.enum(["json", "csv"], "format must be json or csv.").optional(),
});

/** The parameters of `GET /api/operator/events`. */
export const operatorEventsQuery = z.strictObject({ before: cursor.optional() });

/** The body of `PATCH /api/operator/key`. */
export const keyBody = z.strictObject({ is_stopped: z.boolean("is_stopped must be true or false.") });

const LIMIT_RULE = `daily_tokens must be a whole number up to ${MAX_DAILY_TOKENS.toLocaleString("en-US")}, null for no limit, or "usual".`;

/** The body of `PATCH /api/operator/limits`: whose limit, by id or by e-mail address, and what it is from now on. */
export const limitBody = z
  .strictObject({
    user_id: uuid.optional(),
    email: z
      .string("The e-mail address must be text.")
      .trim()
      .min(1, "The e-mail address is empty.")
      .max(254, "An e-mail address can have at most 254 characters.")
      .optional(),
    daily_tokens: z.union([z.int().min(0).max(MAX_DAILY_TOKENS), z.literal("usual")], LIMIT_RULE).nullable(),
  })
  .refine(
    ({ user_id, email }) => (user_id === undefined) !== (email === undefined),
    "Say whose limit it is: send either user_id or email.",
  );
export type LimitChange = z.output<typeof limitBody>;

/** A word, an address and a number. */
export const MAX_OPERATOR_BODY_BYTES = 1024;

const sum = {
  runs: z.number(),
  ...tokens,
  cost_usd: usd.nullable(),
  unpriced: z.number(),
  inexact: z.number(),
};

/** A row of the function platform_usage. */
export const usageRow = z.object({
  day: z.string(),
  user_id: z.string().nullable(),
  model: z.string(),
  ...sum,
});

/** A row of the function platform_sums. */
export const sumsRow = z.object({
  part: z.enum(["total", "day", "person", "model"]),
  members: z.number(),
  day: z.string().nullable(),
  user_id: z.string().nullable(),
  model: z.string().nullable(),
  ...sum,
});

/** The row of the function platform_spending. */
export const spendingRow = z.object({
  today_spent: usd,
  today_held: usd,
  month_spent: usd,
  month_held: usd,
  under_way: z.number(),
});

/** A row of the function platform_newcomers. */
export const newcomerRow = z.object({
  user_id: z.string(),
  signed_up_at: utcTime,
  first_run_at: utcTime,
  ...sum,
});

/** A row of the function platform_refused. */
export const refusedRow = z.object({
  reason: z.string(),
  user_id: z.string().nullable(),
  times: z.number(),
  members: z.number(),
  last_day: z.string(),
});

/** A row of platform_limits. */
export const limitRow = z.object({
  user_id: z.string(),
  daily_tokens: z.number().nullable(),
  created_at: utcTime,
});

/** A row of platform_events. */
export const platformEventRow = z.object({
  id: z.string(),
  actor_id: z.string(),
  action: z.enum(OPERATOR_ACTIONS),
  subject_id: z.string().nullable(),
  daily_tokens: z.number().nullable(),
  created_at: utcTime,
});
