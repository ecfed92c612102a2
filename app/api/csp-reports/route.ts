import { logReport, MAX_REPORT_BYTES, REPORT_TYPE } from "@/lib/csp/reports";
import { readJson } from "@/lib/vault/http/guard";
import { methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

/** Takes a browser's report of what a page's policy refused. Browsers send it without a session. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    logReport(await readJson(request, MAX_REPORT_BYTES, REPORT_TYPE));
    return noContent();
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
