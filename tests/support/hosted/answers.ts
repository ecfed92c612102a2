import type { HostedAnswer, HostedRequest } from "./settings.ts";

export type Json = Record<string, unknown>;
/** An answer of the stand-in's own. */
export type Answer = Exclude<HostedAnswer, null>;

const API_VERSION = "x-supabase-api-version";

/**
 * A refusal as GoTrue puts it: with its code in `code` for clients that name the version of the API that has codes, which
 * the reply then names too, and in `error_code` for all others.
 * https://github.com/supabase/auth/blob/master/internal/api/errors.go
 *
 * @param more members beside the code
 */
export function refusal(
  { headers }: HostedRequest,
  status: number,
  code: string,
  message: string,
  more: Json = {},
): Answer {
  // Versions are dates; there is no later one yet.
  const isNew = (headers[API_VERSION] ?? "") >= "2024-01-01";
  return {
    status,
    body: isNew ? { code, message, ...more } : { code: status, error_code: code, msg: message, ...more },
    headers: { "X-Sb-Error-Code": code, ...(isNew && { "X-Supabase-Api-Version": "2024-01-01" }) },
  };
}

/** The embedded server's refusals, which have the older form whatever the client asks for, in the form it asks for. */
export function asAsked(request: HostedRequest, status: number, said: unknown): Answer | undefined {
  const { code: _, error_code, msg, ...more } = Object(said);
  if (typeof error_code !== "string") return undefined;
  return refusal(request, status, error_code, String(msg), more);
}

/** What a JSON body says; nothing for another one. */
export function jsonOf(text: string): Json {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
