import { ownerOf, receive } from "@/lib/vault/access";
import { checkKey } from "@/lib/vault/check/check-key";
import { takeTurn } from "@/lib/vault/check/limit";
import { vaultProblem } from "@/lib/vault/errors";
import { afterCheck } from "@/lib/vault/host";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { checkBody, MAX_CHECK_BYTES } from "@/lib/vault/schema";
import { getSecretForUse } from "@/lib/vault/service";

/** Asks a provider whether it accepts a stored key. Members may: anyone who uses a key may know if it works. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, checkBody, MAX_CHECK_BYTES);
    const { key, team_id } = body;
    takeTurn(user.id);
    const owner = ownerOf(user, team_id);
    const readAt = new Date();
    const value = await getSecretForUse({ userId: user.id, owner, key, action: "checked" });
    if (value === null) throw vaultProblem("secret_not_found");
    const { result, detail } = await checkKey(key, value);
    await afterCheck({ userId: user.id, owner, key, result, readAt });
    return json({ result, checked_at: new Date().toISOString(), detail });
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
