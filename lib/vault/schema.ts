import { z } from "zod";
import { checkValue, KEY_NAME, KEY_NAME_RULE, MAX_DESCRIPTION_LENGTH, MAX_VALUE_BYTES } from "./rules.ts";
import { CATEGORIES } from "./types.ts";

export const keyName = z.string(KEY_NAME_RULE).regex(KEY_NAME, KEY_NAME_RULE);

/** In lower case, because sealed secrets are compared with it as text. */
export const uuid = z.uuid("An id is a UUID.").transform((id) => id.toLowerCase());

const description = z
  .string("The description is text.")
  .trim()
  .max(MAX_DESCRIPTION_LENGTH, `A description has at most ${MAX_DESCRIPTION_LENGTH} characters.`)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "A description is one line of plain text.");

/** Parameters that name one secret of one owner. Without `team_id` it is the signed-in person's own. */
export const secretQuery = z.strictObject({
  key: keyName.optional(),
  reveal: z.enum(["true", "false"], "reveal is true or false.").optional(),
  team_id: uuid.optional(),
});

/** The body of `POST /api/vault`. Without `value` only the metadata changes. */
export const setSecretBody = z
  .strictObject({
    key: keyName,
    value: z.string("The value is text.").optional(),
    category: z.enum(CATEGORIES, `The category is one of ${CATEGORIES.join(", ")}.`).optional(),
    description: description.optional(),
    team_id: uuid.optional(),
    if_updated_at: z.iso.datetime({ offset: true, error: "if_updated_at is a time." }).optional(),
  })
  .refine(
    (body) => body.value !== undefined || body.category !== undefined || body.description !== undefined,
    "There is nothing to change: give a value, a category or a description.",
  )
  .transform((body, context) => {
    if (body.value === undefined) return body;
    const checked = checkValue(body.key, body.value);
    if ("problem" in checked) {
      context.addIssue({ code: "custom", path: ["value"], message: checked.problem });
      return z.NEVER;
    }
    return { ...body, value: checked.value };
  });

/** What `setSecret` takes, once checked. */
export type SetSecretInput = Omit<z.infer<typeof setSecretBody>, "team_id">;

/**
 * A time from the database, as ISO 8601. By its text, because a Date would lose the microseconds that
 * `if_updated_at` is compared with.
 *
 * @example "2026-03-05 12:00:00.123456+00" becomes "2026-03-05T12:00:00.123456+00:00"
 */
const timestamp = z.string().transform((text) => text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));

/** The allow-list for rows on their way out: a column that is not named here does not leave. */
export const secretMetadata = z.object({
  id: z.string(),
  owner_type: z.enum(["user", "team"]),
  owner_id: z.string(),
  key: z.string(),
  category: z.enum(CATEGORIES),
  description: z.string(),
  last_rotated_at: timestamp,
  created_at: timestamp,
  updated_at: timestamp,
});

/** Room for the largest value with every byte escaped in JSON, and the other members. */
export const MAX_BODY_BYTES = 4 * MAX_VALUE_BYTES;
