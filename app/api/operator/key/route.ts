import { requireConfirmation } from "@/lib/auth/confirmation";
import { operatorRoute } from "@/lib/operator/access";
import { keyBody, MAX_OPERATOR_BODY_BYTES } from "@/lib/operator/schema";
import { setStopped } from "@/lib/operator/settings";
import { receive } from "@/lib/vault/access";
import { json } from "@/lib/vault/http/respond";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = operatorRoute({
  /** Stops the platform's key immediately, or resumes it. */
  PATCH: async (request) => {
    const { user, body } = await receive(request, keyBody, MAX_OPERATOR_BODY_BYTES);
    // Only for spending again: who has to stop it has no time to look for a password.
    if (!body.is_stopped) await requireConfirmation(user);
    await setStopped(user.id, body.is_stopped);
    return json({ is_stopped: body.is_stopped });
  },
});
