import { z } from "zod/v4";
import { explainOldNode } from "../node-version";
import type { Problem } from "./problem";

/** Class names and codes, in the forms that they have. What providers' keys look like fits none of them. */
const className = z.string().regex(/^[A-Za-z]{1,40}$/);
const causeCode = z.union([
  z.int().positive(),
  z.string().regex(/^([A-Z0-9]{5,8}|[A-Z_]{1,40}|[a-z_]{1,40})$/),
]);

/**
 * What a log line may say: the allow-list for everything that this code writes to the server's output. A member
 * that is not named here, or has another form, is left out. Messages are not among them, because those of parsers,
 * of `Headers` and of providers quote what they were given.
 */
export const logLine = z.object({
  time: z.iso.datetime(),
  level: z.literal("error"),
  /** Of the closed lists of problems; docs/errors.md. */
  code: z.string().regex(/^[a-z_]{1,40}$/),
  /** HTTP status that was answered with. */
  status: z.int(),
  /** The name of the error underneath. */
  cause: className.optional().catch(undefined),
  /** Its SQLSTATE, its Node or library code, or the HTTP status that a service answered with. */
  cause_code: causeCode.optional().catch(undefined),
  /** What may be behind an error that nobody expected. */
  hint: z.string().optional(),
});

/** Tells the operator of a failure, in one line of JSON. */
export function logProblem({ code, status, cause }: Problem): void {
  const underneath = Object(cause) as { name?: unknown; code?: unknown; status?: unknown };
  const line = logLine.parse({
    time: new Date().toISOString(),
    level: "error",
    code,
    status,
    cause: underneath.name,
    cause_code: underneath.code ?? underneath.status,
    hint: (code === "internal" && explainOldNode()) || undefined,
  });
  console.error(JSON.stringify(line));
}
