import { requireConfirmation } from "@/lib/auth/confirmation";
import { operatorRoute } from "@/lib/operator/access";
import { limitBody, MAX_OPERATOR_BODY_BYTES } from "@/lib/operator/schema";
import { setLimit } from "@/lib/operator/settings";
import { receive } from "@/lib/vault/access";
import { json } from "@/lib/vault/http/respond";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = operatorRoute({
  /** Sets what one person may use a day on the platform's key. */
  PATCH: async (request) => {
    const { user, body } = await receive(request, limitBody, MAX_OPERATOR_BODY_BYTES);
    await requireConfirmation(user);
    return json(await setLimit(user.id, body));
  },
});
