import { logReport, MAX_REPORT_BYTES, REPORT_TYPE } from "@/lib/csp/reports";
import { receiveJson } from "@/lib/vault/http/guard";
import { methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

/** Takes a browser's report of what a page's policy refused. Browsers send it without a session. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const read = await receiveJson(request, MAX_REPORT_BYTES, REPORT_TYPE);
    logReport(read());
    return noContent();
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
