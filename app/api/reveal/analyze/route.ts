import { afterRun } from "@/lib/reveal/after-run";
import { analyzeText } from "@/lib/reveal/analyze";
import { requireRevealKey } from "@/lib/reveal/key";
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
    const { text, team_id, source } = body;
    const readAt = new Date();
    const key = await requireRevealKey(user, team_id, source);
    const { signal } = request;
    const owner = { userId: user.id, teamId: team_id ?? null, source: key.source };
    const run = await openRun({ ...owner, kind: "analyze", text, signal });
    afterRun(run, readAt);
    return json(await recorded(run, analyzeText({ text, key, meter: run.meter, signal: run.signal })));
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
