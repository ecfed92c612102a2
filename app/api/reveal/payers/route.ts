import { z } from "zod";
import { explainPayers } from "@/lib/reveal/payers";
import { requireNamedTeam } from "@/lib/teams/membership";
import { requireUser } from "@/lib/vault/access";
import { readQuery } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { uuid } from "@/lib/vault/schema";

const query = z.strictObject({ team_id: uuid.optional() });

/** Says whose key the next run would be paid with, and who would if it were gone. */
export function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    const { team_id } = check(query, readQuery(request));
    const team = await requireNamedTeam(user.id, team_id);
    return json(await explainPayers(user, team));
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
