import { z } from "zod";
import { uuid } from "./vault/schema";

/** Where a page of rows, newest first, ended: at its last row. */
export interface Cursor {
  /** As `utcTime` writes it. */
  created_at: string;
  id: string;
}

const RULE = "before must be the next value of an earlier reply.";

// In UTC and with at most six digits. Year 0 and long fractions are times to zod but errors to the database,
// which would look as if it were out of order.
const time = z.iso.datetime().regex(/^(?!0000)\S{19}(\.\d{1,6})?Z$/);

/** A cursor from a request. Both parts are checked, because they become part of a filter's text. */
export const cursor = z.string(RULE).transform((text, context): Cursor => {
  const [first, second, ...rest] = text.split("_");
  const created_at = time.safeParse(first);
  const id = uuid.safeParse(second);
  if (created_at.success && id.success && rest.length === 0)
    return { created_at: created_at.data, id: id.data };
  context.addIssue({ code: "custom", message: RULE });
  return z.NEVER;
});

/** A row as the cursor that continues after it. */
export const cursorText = ({ created_at, id }: Cursor) => `${created_at}_${id}`;

/**
 * The filters for the rows after a cursor: earlier, or at the same time with a smaller id. None is left out and
 * none comes twice, whatever is written meanwhile.
 *
 * @returns `notLater` for `.lte("created_at", …)`, so that the index begins there, and `or` for `.or(…)`
 */
export const after = ({ created_at, id }: Cursor) => ({
  notLater: created_at,
  or: `created_at.lt."${created_at}",id.lt.${id}`,
});
