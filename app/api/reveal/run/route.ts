import { CALLS, chooseModel } from "@/lib/reveal/model";
import { NDJSON_HEADERS, toNdjson } from "@/lib/reveal/ndjson";
import { eventsOf, startRun } from "@/lib/reveal/run";
import { MAX_RUN_BYTES, runBody } from "@/lib/reveal/schema";
import { receive } from "@/lib/vault/access";
import { methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { streamWithKey } from "@/lib/vault-usage/with-key";

/** Seconds that a host like Vercel gives the request. */
export const maxDuration = 300;

/**
 * Answers a prompt on the nearest key, as it is written: newline-delimited JSON, see `RunEvent`. Until the
 * answer begins, an error is an ordinary problem reply.
 */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, runBody, MAX_RUN_BYTES);
    const { prompt, team_id, source, id, model } = body;
    // A reader that leaves is seen in either of two ways, and each has to stop the provider.
    const cancelled = new AbortController();
    const signal = AbortSignal.any([request.signal, cancelled.signal]);
    const call = { ...CALLS.run, model: chooseModel(model), text: prompt, id, only: source };
    const owner = { userId: user.id, teamId: team_id, signal };
    const { items, meter } = await streamWithKey({ ...call, ...owner }, (key, meter) =>
      startRun(prompt, key, meter),
    );
    return new Response(
      toNdjson(eventsOf(items, meter), () => cancelled.abort()),
      { headers: NDJSON_HEADERS },
    );
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
