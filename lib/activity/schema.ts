import { z } from "zod";
import { cursor } from "../cursor";
import { keyName, uuid } from "../vault/schema";
import { ACTION_GROUPS, type ActionGroup, EVENT_ACTIONS } from "./actions";
import type { ActivityFilter } from "./filter";

const MAX_SEARCH_LENGTH = 100;
const SEARCH_RULE = `search must be 1 to ${MAX_SEARCH_LENGTH} characters of plain text.`;

/** A day that the database knows, and its next one too. */
const day = (rule: string) => z.iso.date(rule).regex(/^(19|20|21)/, rule);

const filter = {
  key: keyName.optional(),
  person: uuid.optional(),
  action: z
    .enum(
      [...(Object.keys(ACTION_GROUPS) as ActionGroup[]), ...EVENT_ACTIONS],
      "action must be an event's action or a group of them.",
    )
    .optional(),
  from: day("from must be a day such as 2026-11-23.").optional(),
  to: day("to must be a day such as 2026-11-23.").optional(),
  search: z
    .string(SEARCH_RULE)
    .trim()
    .min(1, SEARCH_RULE)
    .max(MAX_SEARCH_LENGTH, SEARCH_RULE)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), SEARCH_RULE)
    .optional(),
};

/** The parameters of `GET /api/vault/events`. `import`: only what came with that import. */
export const eventsQuery = z.strictObject({
  team_id: uuid.optional(),
  ...filter,
  import: uuid.optional(),
  before: cursor.optional(),
});

/** The parameters of `GET /api/vault/events/export`. */
export const exportQuery = z.strictObject({
  team_id: uuid.optional(),
  ...filter,
  format: z.enum(["csv", "jsonl"], "format must be csv or jsonl."),
});

/** The body of `POST /api/vault/events/rotated`. */
export const rotatedBody = z.strictObject({ team_id: uuid, key: keyName });

/** A key name and an id. */
export const MAX_ROTATED_BYTES = 1024;

/** The filter in a page's address. What is none, such as a field left empty, filters nothing. */
export function pageFilter(parameters: Record<string, string | string[] | undefined>): ActivityFilter {
  const found = Object.entries(filter).map(([name, schema]) => [
    name,
    schema.safeParse(parameters[name]).data,
  ]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}
