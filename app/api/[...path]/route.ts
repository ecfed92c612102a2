import { vaultProblem } from "@/lib/vault/errors";
import { methodNotAllowed, respond } from "@/lib/vault/http/respond";

/**
 * Answers for what is not there, without reading what was sent: Next's own page would take a body for that of a server
 * action.
 */
function refuse(request: Request): Promise<Response> {
  return respond(async () => {
    const { headers } = request;
    const isLarge = headers.has("transfer-encoding") || Number(headers.get("content-length")) >= 10_000;
    throw vaultProblem(isLarge ? "payload_too_large" : "address_not_found");
  });
}

/** Also for TRACE and `OPTIONS *`, which lib/requests.ts sends here. */
const refuseMethod = () => methodNotAllowed("GET, HEAD, POST, PUT, PATCH, DELETE");

export {
  refuse as DELETE,
  refuse as GET,
  refuse as HEAD,
  refuse as PATCH,
  refuse as POST,
  refuse as PUT,
  refuseMethod as OPTIONS,
};
