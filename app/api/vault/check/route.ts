import { ownerOf, receive } from "@/lib/vault/access";
import { checkKey } from "@/lib/vault/check/check-key";
import { takeTurn } from "@/lib/vault/check/limit";
import { enterCheck } from "@/lib/vault/details";
import { vaultProblem } from "@/lib/vault/errors";
import { afterCheck } from "@/lib/vault/host";
import { logProblem } from "@/lib/vault/http/log";
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
    const { result, detail, facts, expiresAt } = await checkKey(key, value);
    // The person has their answer, whether or not it could be kept.
    if (result !== "unreachable")
      await enterCheck(owner, key, readAt, { result, facts, expiresAt }).catch(logProblem);
    await afterCheck({ userId: user.id, owner, key, result, readAt });
    return json({ result, checked_at: new Date().toISOString(), detail, facts, expires_at: expiresAt });
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
