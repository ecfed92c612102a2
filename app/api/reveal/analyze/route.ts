import { afterRun } from "@/lib/reveal/after-run";
import { analyzeText } from "@/lib/reveal/analyze";
import { openRun, recorded } from "@/lib/reveal/ledger";
import { analyzeBody, MAX_ANALYZE_BYTES } from "@/lib/reveal/schema";
import { receive } from "@/lib/vault/access";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/** Seconds that a host like Vercel gives the request. */
export const maxDuration = 300;

/** Analyses a text on the nearest key: title, summary, findings with quotes from it, open questions. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, analyzeBody, MAX_ANALYZE_BYTES);
    const { text, team_id, source, id, model } = body;
    const readAt = new Date();
    const { signal } = request;
    const owner = { userId: user.id, teamId: team_id ?? null, only: source };
    const run = await openRun({ ...owner, kind: "analyze", id, model, text, signal });
    afterRun(run, readAt);
    const call = run
      .openKey()
      .then((key) => analyzeText({ text, key, meter: run.meter, signal: run.signal }));
    return json(await recorded(run, call));
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
