import { requireUser } from "@/lib/auth/session";
import { readJson, requireSameOrigin } from "@/lib/http/guard";
import { check, json, methodNotAllowed, respond } from "@/lib/http/respond";
import { analyzeText } from "@/lib/reveal/analyze";
import { requireRevealKey } from "@/lib/reveal/key";
import { analyzeBody, MAX_ANALYZE_BYTES } from "@/lib/reveal/schema";

/** Seconds that a host like Vercel gives the request. */
export const maxDuration = 300;

/** Analyses a text on the nearest key: title, summary, findings with quotes from it, open questions. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser();
    requireSameOrigin(request);
    const { text, team_id } = check(analyzeBody, await readJson(request, MAX_ANALYZE_BYTES));
    const key = await requireRevealKey(user, team_id);
    return json(await analyzeText({ text, key, signal: request.signal }));
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
