import { authoriseOwner, ownerOf, receive, requireConfirmed, requireUser } from "@/lib/vault/access";
import { vaultProblem } from "@/lib/vault/errors";
import { afterChange } from "@/lib/vault/host";
import { readQuery, requireSameOrigin } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";
import { deleteQuery, MAX_BODY_BYTES, secretQuery, setSecretBody } from "@/lib/vault/schema";
import {
  deleteSecret,
  getSecretForUse,
  getSecretMetadata,
  listSecrets,
  storeSecret,
} from "@/lib/vault/service";
import { TRIMMED_HEADER } from "@/lib/vault/types";

/** Seconds that a host like Vercel gives the request, and what the app does after the reply. */
export const maxDuration = 60;

/** Lists secrets; with `key`, one of them; with `reveal=true`, its value; with `copy=true` too, its value to copy. */
export function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    const wantsReveal = new URL(request.url).searchParams.has("reveal");
    if (wantsReveal) requireSameOrigin(request);
    const { key, reveal, copy, team_id } = check(secretQuery, readQuery(request));

    if (copy !== undefined && reveal !== "true") {
      throw vaultProblem("invalid_request", { detail: "Send copy only together with reveal=true." });
    }
    if (reveal === "true") {
      if (!key) throw vaultProblem("invalid_request", { detail: "Say which key to reveal." });
      await requireConfirmed(user, team_id);
      const owner = ownerOf(user, team_id);
      const use = { userId: user.id, owner, key, action: "revealed", isCopy: copy === "true" } as const;
      const value = await getSecretForUse(use);
      if (value === null) throw vaultProblem("secret_not_found");
      return json({ key, value });
    }
    const owner = await authoriseOwner(user, team_id, "see");
    if (!key) return json({ secrets: await listSecrets(owner) });
    const secret = await getSecretMetadata(owner, key);
    if (!secret) throw vaultProblem("secret_not_found");
    return json(secret);
  });
}

/** Creates a secret (201), replaces its value or changes its metadata (200). */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, setSecretBody, MAX_BODY_BYTES);
    const { team_id, isTrimmed, ...input } = body;
    const owner = await authoriseOwner(user, team_id, "manage");
    const { secret, action } = await storeSecret(owner, input, user.id);
    const changes = [{ key: secret.key, action }];
    await afterChange({ userId: user.id, owner, isImport: false, changes, secrets: [secret] });
    // Nothing is stored in another form than it was sent without saying so.
    return json(secret, action === "created" ? 201 : 200, isTrimmed ? { [TRIMMED_HEADER]: secret.key } : {});
  });
}

/** Deletes the secret that `key` names; with `if_updated_at`, only in that state. */
export function DELETE(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    requireSameOrigin(request);
    const { key, team_id, if_updated_at } = check(deleteQuery, readQuery(request));
    if (!key) throw vaultProblem("invalid_request", { detail: "Say which key to delete." });
    const owner = await authoriseOwner(user, team_id, "manage");
    if (!(await deleteSecret(owner, key, if_updated_at))) throw vaultProblem("secret_not_found");
    const changes = [{ key, action: "deleted" }] as const;
    await afterChange({ userId: user.id, owner, isImport: false, changes, secrets: [] });
    return noContent();
  });
}

/** HEAD too: Next would answer it with GET, and nothing may decrypt a value only to throw it away. */
const refuse = () => methodNotAllowed("GET, POST, DELETE");

export { refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
