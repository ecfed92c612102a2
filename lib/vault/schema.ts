import { z } from "zod/v4";
import { isCheckable } from "./check/checkable";
import { checkValue, KEY_NAME, KEY_NAME_RULE, MAX_DESCRIPTION_LENGTH, MAX_VALUE_BYTES } from "./rules";
import { CATEGORIES, MAX_ENV_FILE_BYTES, MAX_SECRETS } from "./types";

export const keyName = z.string(KEY_NAME_RULE).regex(KEY_NAME, KEY_NAME_RULE);

/** In lower case, because sealed secrets are compared with it as text. */
export const uuid = z.guid("An id is a UUID.").transform((id) => id.toLowerCase());

const value = z.string("The value is text.");
const category = z.enum(CATEGORIES, `The category is one of ${CATEGORIES.join(", ")}.`);
/** What a person notes beside a secret, or a webhook. */
export const description = z
  .string("The description is text.")
  .trim()
  .max(MAX_DESCRIPTION_LENGTH, `A description has at most ${MAX_DESCRIPTION_LENGTH} characters.`)
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), "A description is one line of plain text.");

// In UTC and with at most six digits, as secretMetadata writes it. Year 0, far offsets and long fractions are
// times to zod but errors to the database, which would look as if it were out of order.
const DATABASE_TIME = /^(?!0000)\S{19}(\.\d{1,6})?(Z|\+00:00)$/;
const time = (complaint: string) =>
  z.iso.datetime({ offset: true, error: complaint }).regex(DATABASE_TIME, complaint);

const useOnly = z.boolean("use_only is true or false.");

/** Parameters that name one secret of one owner. Without `team_id` it is the signed-in person's own. */
export const secretQuery = z.strictObject({
  key: keyName.optional(),
  reveal: z.enum(["true", "false"], "reveal is true or false.").optional(),
  copy: z.enum(["true", "false"], "copy is true or false.").optional(),
  team_id: uuid.optional(),
});

/** Parameters of `DELETE /api/vault`. With `if_updated_at` it applies only to that state of the secret. */
export const deleteQuery = secretQuery
  .omit({ reveal: true, copy: true })
  .extend({ if_updated_at: time("if_updated_at is a time.").optional() });

/**
 * The body of `POST /api/vault`. Without `value` only the metadata changes. `isTrimmed` says that the value is stored
 * without the white space around it, see `checkValue`.
 */
export const setSecretBody = z
  .strictObject({
    key: keyName,
    value: value.optional(),
    category: category.optional(),
    description: description.optional(),
    use_only: useOnly.optional(),
    expires_at: time("expires_at is a time, or null for none.").nullable().optional(),
    team_id: uuid.optional(),
    if_updated_at: time("if_updated_at is a time, or null for a new secret.").nullable().optional(),
  })
  .refine(
    ({ value, category, description, use_only, expires_at }) =>
      [value, category, description, use_only, expires_at].some((given) => given !== undefined),
    "There's nothing to change: send a value, a category, a description, use_only or expires_at.",
  )
  .refine(
    ({ value, use_only }) => value !== undefined || use_only !== false,
    "A use-only key can't be shown again. Enter a new value to change that.",
  )
  .transform((body, context) => {
    if (body.value === undefined) return { ...body, isTrimmed: false };
    const checked = checkValue(body.key, body.value);
    if ("problem" in checked) {
      context.addIssue({ code: "custom", path: ["value"], message: checked.problem });
      return z.NEVER;
    }
    return { ...body, value: checked.value, isTrimmed: checked.value !== body.value };
  });

/** What `setSecret` takes, once checked. */
export type SetSecretInput = Omit<z.infer<typeof setSecretBody>, "team_id" | "isTrimmed">;

/** One secret of an import. `if_updated_at` is the state that it replaces, or null where there is none yet. */
const importedSecret = z
  .strictObject(
    {
      key: keyName,
      value,
      category: category.optional(),
      description: description.optional(),
      if_updated_at: time("if_updated_at is a time, or null for a new secret.").nullable(),
    },
    "Each secret of an import is an object.",
  )
  .transform((secret, context) => {
    const checked = checkValue(secret.key, secret.value);
    if ("value" in checked) {
      return { ...secret, value: checked.value, isTrimmed: checked.value !== secret.value };
    }
    // Among many secrets the sentence has to say which one it is about.
    const { problem } = checked;
    const message = problem.includes(secret.key) ? problem : `${secret.key}: ${problem}`;
    context.addIssue({ code: "custom", path: ["value"], message });
    return z.NEVER;
  });

const IMPORT_RULE = `An import is a list of 1 to ${MAX_SECRETS} secrets.`;

/** The body of `POST /api/vault/import`. */
export const importBody = z.strictObject({
  secrets: z
    .array(importedSecret, IMPORT_RULE)
    .min(1, IMPORT_RULE)
    .max(MAX_SECRETS, IMPORT_RULE)
    .refine(
      (secrets) => new Set(secrets.map(({ key }) => key)).size === secrets.length,
      "A key is given twice.",
    ),
  use_only: useOnly.optional(),
  team_id: uuid.optional(),
});

/** What `importSecrets` takes, once checked. */
export type ImportedSecret = Omit<z.infer<typeof importedSecret>, "isTrimmed">;

/** The body of `POST /api/vault/check`. */
export const checkBody = z.strictObject({
  key: keyName.refine(isCheckable, "There is no provider to ask about this key."),
  team_id: uuid.optional(),
});

/**
 * A time from the database, as ISO 8601 in UTC. By its text, because a Date would lose the microseconds that
 * `if_updated_at` and cursors are compared with; always with six digits of them, although PostgreSQL leaves
 * out zeros at the end, so that two times are in the order of their texts.
 *
 * @example "2026-03-05 12:00:00.123+00" becomes "2026-03-05T12:00:00.123000Z"
 */
export const utcTime = z
  .string()
  .transform((text) =>
    text
      .replace(" ", "T")
      .replace(/(\.\d+)?(\+00(:00)?|Z)$/, (_, fraction: string = ".") => `${fraction.padEnd(7, "0")}Z`),
  );

const secretDetails = z.object({
  hint: z.string().nullable(),
  use_only: z.boolean(),
  expires_at: utcTime.nullable(),
  added_by: z.string().nullable(),
  last_used_at: utcTime.nullable(),
  checked_at: utcTime.nullable(),
  check_result: z.enum(["works", "refused", "no_credit"]).nullable(),
  check_facts: z.object({ account: z.string(), credit: z.string(), limit: z.string() }).partial().nullable(),
});

/** The allow-list for rows on their way out: a column that is not named here does not leave. */
export const secretMetadata = z.object({
  id: z.string(),
  owner_type: z.enum(["user", "team"]),
  owner_id: z.string(),
  key: z.string(),
  category: z.enum(CATEGORIES),
  description: z.string(),
  last_rotated_at: utcTime,
  created_at: utcTime,
  updated_at: utcTime,
  details: secretDetails.nullable(),
});

/** Room for the largest value as JSON writers escape it, and the other members. */
export const MAX_BODY_BYTES = 4 * MAX_VALUE_BYTES;

/** A .env file with a few hundred ordinary values, and several long ones, fits. */
export const MAX_IMPORT_BYTES = MAX_ENV_FILE_BYTES;

/** A key name and an id, and nothing that is long. */
export const MAX_CHECK_BYTES = 1024;
