import { exportEvents } from "@/lib/activity/export";
import { forgetOldEvents } from "@/lib/activity/retention";
import { exportQuery } from "@/lib/activity/schema";
import { authoriseOwner, ownerOf, requireUser } from "@/lib/vault/access";
import { readQuery } from "@/lib/vault/http/guard";
import { check, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/** The log as a file: the person's own, or a team's, for its admins. */
export function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    const { team_id, format, ...filter } = check(exportQuery, readQuery(request));
    const file = await exportEvents(format, () => authoriseOwner(user, team_id, "manage"), filter);
    forgetOldEvents(ownerOf(user, team_id));
    return file;
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
