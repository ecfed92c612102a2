import { afterRun } from "@/lib/reveal/after-run";
import { openRun, recordedEvents } from "@/lib/reveal/ledger";
import { NDJSON_HEADERS, toNdjson } from "@/lib/reveal/ndjson";
import { startRun } from "@/lib/reveal/run";
import { MAX_RUN_BYTES, runBody } from "@/lib/reveal/schema";
import { receive } from "@/lib/vault/access";
import { methodNotAllowed, respond } from "@/lib/vault/http/respond";

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
    const readAt = new Date();
    // A reader that leaves is seen in either of two ways, and each has to stop the provider.
    const cancelled = new AbortController();
    const signal = AbortSignal.any([request.signal, cancelled.signal]);
    const owner = { userId: user.id, teamId: team_id ?? null, only: source };
    const run = await openRun({ ...owner, kind: "run", id, model, text: prompt, signal });
    afterRun(run, readAt);
    const call = run.openKey().then((key) => startRun({ prompt, key, meter: run.meter, signal: run.signal }));
    const events = await recordedEvents(run, call);
    return new Response(
      toNdjson(events, () => cancelled.abort()),
      { headers: NDJSON_HEADERS },
    );
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
