import { z } from "zod/v4";
import { explainOldNode } from "../node-version";
import { describeCause } from "./cause";
import type { Problem } from "./problem";
import { remedyOf } from "./remedies";

/**
 * What a log line may say: the allow-list for everything that this code writes to the server's output. A member
 * that is not named here is left out. Of the error underneath, {@link describeCause} says what may be told.
 */
export const logLine = z.object({
  time: z.iso.datetime(),
  level: z.literal("error"),
  /** Of the closed lists of problems; docs/errors.md. */
  code: z.string().regex(/^[a-z_]{1,40}$/),
  /** HTTP status that was answered with. */
  status: z.int(),
  /** The name of the error underneath. */
  cause: z.string().optional(),
  /** Its SQLSTATE, its Node or library code, or the HTTP status that a service answered with. */
  cause_code: z.union([z.string(), z.int()]).optional(),
  /** The HTTP status that a service answered with, where it also has a code. */
  cause_status: z.int().optional(),
  /** What may be behind it, and what to do, where that is known. */
  hint: z.string().optional(),
});

/** Tells the operator of a failure, in one line of JSON. */
export function logProblem({ code, status, cause }: Problem): void {
  const underneath = describeCause(cause);
  const line = logLine.parse({
    time: new Date().toISOString(),
    level: "error",
    code,
    status,
    cause: underneath.name,
    cause_code: underneath.code ?? underneath.status,
    cause_status: underneath.code === undefined ? undefined : underneath.status,
    hint: (code === "internal" && explainOldNode()) || remedyOf(underneath),
  });
  console.error(JSON.stringify(line));
}
