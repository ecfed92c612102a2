import { listEvents } from "@/lib/activity/events";
import { forgetOldEvents } from "@/lib/activity/retention";
import { eventsQuery } from "@/lib/activity/schema";
import { authoriseOwner, requireUser } from "@/lib/vault/access";
import { readQuery } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/** Lists what happened to the person's own keys and account, or to a team's, for its admins. */
export function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    const { team_id, ...reading } = check(eventsQuery, readQuery(request));
    const owner = await authoriseOwner(user, team_id, "manage");
    forgetOldEvents(owner);
    return json(await listEvents(user.id, owner, reading));
  });
}

const refuse = () => methodNotAllowed("GET");

export {
  refuse as DELETE,
  refuse as HEAD,
  refuse as OPTIONS,
  refuse as PATCH,
  refuse as POST,
  refuse as PUT,
};
