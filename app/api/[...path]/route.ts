import { getOperator } from "@/lib/operator/access";
import { unknownAddress } from "@/lib/unknown-address";
import { respond } from "@/lib/vault/http/respond";

/**
 * Answers for what is not there. Also for TRACE and `OPTIONS *`, which lib/requests.ts sends here.
 *
 * It asks who is signed in, as the operator's addresses do: the time that takes, a session that is renewed, or an auth
 * server that does not answer would tell them apart.
 */
const refuse = (request: Request) =>
  respond(async () => {
    await getOperator();
    return unknownAddress(request);
  });

export {
  refuse as DELETE,
  refuse as GET,
  refuse as HEAD,
  refuse as OPTIONS,
  refuse as PATCH,
  refuse as POST,
  refuse as PUT,
};
