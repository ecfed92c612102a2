import { unknownAddress } from "@/lib/unknown-address";

/** Answers for what is not there. Also for TRACE and `OPTIONS *`, which lib/requests.ts sends here. */
const refuse = (request: Request) => unknownAddress(request);

export {
  refuse as DELETE,
  refuse as GET,
  refuse as HEAD,
  refuse as OPTIONS,
  refuse as PATCH,
  refuse as POST,
  refuse as PUT,
};
