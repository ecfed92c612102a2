import { eventsQuery, listEvents } from "@/lib/activity/events";
import { authoriseOwner, requireUser } from "@/lib/vault/access";
import { readQuery } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/** Lists what was done with one's own keys, or with those of a team, for its admins. */
export function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    const { team_id, ...filter } = check(eventsQuery, readQuery(request));
    const owner = await authoriseOwner(user, team_id, "manage");
    return json(await listEvents(user.id, owner, filter));
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
