import { inspect } from "node:util";

/** The part of a PGlite database that is wrapped here. */
interface Queryable {
  query: (...args: never[]) => Promise<unknown>;
}

/** The fields of PostgreSQL's error report that say what happened without saying with which values. */
interface DatabaseError extends Error {
  code?: string;
}

/**
 * Makes failed statements log as one line. Lite prints every database error in full, and PGlite attaches
 * the statement and its parameters to it: a failed CHECK would put ciphertext and key names in the log.
 * Only the printed form changes; the error that travels on to the client is the same.
 *
 * @param driver the PGlite instance; its `query` is wrapped in place
 */
export function quietErrors(driver: Queryable): void {
  const query = driver.query.bind(driver);
  driver.query = async (...args) => {
    try {
      return await query(...args);
    } catch (error) {
      if (error instanceof Error) {
        const line = `Embedded Supabase: ${summary(error)}`;
        Object.defineProperty(error, inspect.custom, { value: () => line });
      }
      throw error;
    }
  };
}

function summary(error: DatabaseError): string {
  const code = error.code ?? "unknown";
  // Class 22, "data exception": the message quotes the value that was refused.
  return code.startsWith("22") ? `invalid value (${code})` : `${error.message} (${code})`;
}
