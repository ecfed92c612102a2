import { STATUS_CODES } from "node:http";
import type { z } from "zod/v4";
import { vaultProblem } from "../errors";
import { logProblem } from "./log";
import { Problem } from "./problem";
import { inRequest } from "./request-context";
import { logRefusal } from "./security-log";

// On every reply, errors too: neither the browser nor anything between may keep one.
const NO_STORE = { "Cache-Control": "private, no-store" };

/** A JSON reply that nothing on its way may store. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { ...NO_STORE, ...headers } });
}

/** A reply that says only that it is done. */
export function noContent(): Response {
  return new Response(null, { status: 204, headers: NO_STORE });
}

/**
 * The reply to a method that an address does not have. Next's own has no `Allow`, no code, may be stored, and
 * answers HEAD with GET.
 *
 * @param allow the methods that it has
 */
export function methodNotAllowed(allow: string): Response {
  const reply = problemReply(
    vaultProblem("method_not_allowed", { detail: `This address accepts ${allow}, and no other method.` }),
  );
  reply.headers.set("Allow", allow);
  return reply;
}

/** A problem reply, RFC 9457, with the stable `code` as an extension member. */
export function problemReply(problem: Problem): Response {
  const headers: Record<string, string> = { ...NO_STORE, "Content-Type": "application/problem+json" };
  if (problem.retryAfter !== undefined) headers["Retry-After"] = String(problem.retryAfter);
  return new Response(
    JSON.stringify({
      type: `urn:credential-vault:problem:${problem.code}`,
      title: STATUS_CODES[problem.status],
      status: problem.status,
      code: problem.code,
      detail: problem.message,
      source: problem.source,
    }),
    { status: problem.status, headers },
  );
}

/**
 * Runs a route's work and turns whatever it throws into a problem reply. An unexpected error is answered
 * with nothing of itself.
 */
export function respond(work: () => Promise<Response>): Promise<Response> {
  return inRequest(async () => {
    try {
      return await work();
    } catch (error) {
      const problem = toProblem(error);
      logAnswer(problem);
      return problemReply(problem);
    }
  });
}

/** Tells the operator of what a request is answered with, where that is a failure of ours or a refusal. */
export function logAnswer(problem: Problem): void {
  if (problem.status >= 500) logProblem(problem);
  else logRefusal(problem);
}

/** The problem that an error stands for: itself, or `internal` with the error as its cause. */
export function toProblem(error: unknown): Problem {
  return error instanceof Problem ? error : vaultProblem("internal", { cause: error });
}

/**
 * Checks untrusted input.
 *
 * @throws Problem invalid_request with the first complaint, which never repeats the input
 */
export function check<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === "invalid_type" && issue.path.length === 0) {
    throw vaultProblem("invalid_request", { detail: "The body isn't a JSON object." });
  }
  // Of zod's own sentences, the one on unknown members quotes their names, which are the client's text.
  const detail =
    issue?.code === "unrecognized_keys" ? "There's an unknown parameter or member." : issue?.message;
  throw vaultProblem("invalid_request", detail ? { detail } : {});
}
