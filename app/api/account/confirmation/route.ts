import { confirm } from "@/lib/auth/confirmation";
import { MAX_PROOF_BYTES, proof, verifyPerson } from "@/lib/auth/verify-person";
import { receive } from "@/lib/vault/access";
import { methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

/** Takes the password of the signed-in person: for some minutes, they can then reveal values and change the account. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, proof, MAX_PROOF_BYTES);
    await verifyPerson(user, body);
    await confirm(user);
    return noContent();
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
