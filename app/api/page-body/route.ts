import { vaultProblem } from "@/lib/vault/errors";
import { methodNotAllowed, problemReply } from "@/lib/vault/http/respond";

/** Where next.config.ts leads a body that is sent to a page: it is refused unread, since pages are only read. */
const refuse = () => methodNotAllowed("GET, HEAD");
const refuseBody = () => problemReply(vaultProblem("payload_too_large"));

export {
  refuse as DELETE,
  refuse as OPTIONS,
  refuse as PATCH,
  refuse as POST,
  refuse as PUT,
  refuseBody as GET,
  refuseBody as HEAD,
};
