import { operatorRoute } from "@/lib/operator/access";
import { listOperatorEvents } from "@/lib/operator/events";
import { operatorEventsQuery } from "@/lib/operator/schema";
import { requireUser } from "@/lib/vault/access";
import { readQuery } from "@/lib/vault/http/guard";
import { check, json } from "@/lib/vault/http/respond";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = operatorRoute({
  /** What operators did, newest first, 20 at a time. */
  GET: async (request) => {
    const user = await requireUser(request);
    const { before } = check(operatorEventsQuery, readQuery(request));
    return json(await listOperatorEvents(user.id, before));
  },
});
