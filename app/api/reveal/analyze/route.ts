import { analyzeText } from "@/lib/reveal/analyze";
import { CALLS, chooseModel } from "@/lib/reveal/model";
import { analyzeBody, MAX_ANALYZE_BYTES } from "@/lib/reveal/schema";
import { receive } from "@/lib/vault/access";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { withKey } from "@/lib/vault-usage/with-key";

/** Seconds that a host like Vercel gives the request. */
export const maxDuration = 300;

/** Analyses a text on the nearest key: title, summary, findings with quotes from it, open questions. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, analyzeBody, MAX_ANALYZE_BYTES);
    const { text, team_id, source, id, model } = body;
    const call = { ...CALLS.analyze, model: chooseModel(model), text, id, only: source };
    const owner = { userId: user.id, teamId: team_id, signal: request.signal };
    return json(await withKey({ ...call, ...owner }, (key, meter) => analyzeText(text, key, meter)));
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
