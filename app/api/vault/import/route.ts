import { authoriseOwner, receive } from "@/lib/vault/access";
import { afterChange } from "@/lib/vault/host";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { importSecrets } from "@/lib/vault/import";
import { importBody, MAX_IMPORT_BYTES } from "@/lib/vault/schema";
import { TRIMMED_HEADER } from "@/lib/vault/types";

/** Seconds that a host like Vercel gives the request, and what the app does after the reply. */
export const maxDuration = 60;

/** Stores many secrets at once, all of them or none, and answers with their metadata. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, importBody, MAX_IMPORT_BYTES);
    const { team_id, secrets, use_only } = body;
    const owner = await authoriseOwner(user, team_id, "manage");
    const stored = await importSecrets(owner, secrets, use_only, user.id);
    const changes = stored.map(({ secret, action }) => ({ key: secret.key, action }));
    const metadata = stored.map(({ secret }) => secret);
    await afterChange({ userId: user.id, owner, isImport: true, changes, secrets: metadata });
    const trimmed = secrets.filter(({ isTrimmed }) => isTrimmed).map(({ key }) => key);
    const headers = trimmed.length > 0 ? { [TRIMMED_HEADER]: trimmed.join(", ") } : undefined;
    return json({ secrets: metadata }, 200, headers);
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
