import { vaultProblem } from "./vault/errors";
import { methodNotAllowed, respond } from "./vault/http/respond";

/**
 * The API's answer for an address that is not there, without reading what was sent: Next's own page would take a body
 * for that of a server action.
 */
export async function unknownAddress({ method, headers }: Request): Promise<Response> {
  if (method === "OPTIONS") return methodNotAllowed("GET, HEAD, POST, PUT, PATCH, DELETE");
  return respond(async () => {
    const isLarge = headers.has("transfer-encoding") || Number(headers.get("content-length")) >= 10_000;
    throw vaultProblem(isLarge ? "payload_too_large" : "address_not_found");
  });
}
