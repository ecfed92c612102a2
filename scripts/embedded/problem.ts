/** A failure that one sentence explains: the launcher prints the message alone, without a stack. */
export class StartProblem extends Error {
  override name = "StartProblem";
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
