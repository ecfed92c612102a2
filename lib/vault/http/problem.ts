import { describeCause } from "./cause";

/** One entry of a closed list of errors: its HTTP status and the sentence a person can act on. */
export interface ProblemSpec {
  readonly status: number;
  readonly detail: string;
  /** What the log calls it, where that is not a refusal like others. */
  readonly event?: "sign_in_failed";
}

/** Members that a single occurrence may override or add. None of them ever holds a secret's value. */
export interface ProblemExtras {
  /** Replaces the listed sentence. */
  detail?: string;
  /** Seconds; becomes the `Retry-After` header. */
  retryAfter?: number;
  /** Whose key was involved. */
  source?: "user" | "team" | "env";
  /** What went wrong underneath. Stays on the server: never serialised, and logged by its name only. */
  cause?: unknown;
}

/** An expected failure with a stable `code`, which every API route turns into a problem reply. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: string;
  readonly status: number;
  readonly retryAfter: number | undefined;
  readonly source: ProblemExtras["source"];
  readonly event: ProblemSpec["event"];

  /** What logs show of it, Next's own for pages among them: of the cause, nothing that may quote anything. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const { name, code, status } = describeCause(this.cause);
    const cause = [name, code, status].filter((said) => said !== undefined).join(" ");
    return `Problem ${this.code}: ${this.message}${cause && ` (${cause})`}`;
  }

  constructor(code: string, spec: ProblemSpec, extras: ProblemExtras = {}) {
    super(extras.detail ?? spec.detail, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.code = code;
    this.status = spec.status;
    this.retryAfter = extras.retryAfter;
    this.source = extras.source;
    this.event = spec.event;
  }
}

/**
 * Makes the constructor for one closed list of errors, so that an unlisted code does not compile.
 *
 * @example
 * const problem = defineProblems({ not_found: { status: 404, detail: "There is no such thing." } });
 * throw problem("not_found");
 */
export function defineProblems<const List extends Record<string, ProblemSpec>>(list: List) {
  return (code: keyof List & string, extras?: ProblemExtras): Problem =>
    new Problem(code, list[code] as ProblemSpec, extras);
}
