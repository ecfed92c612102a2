import { z } from "zod";
import { findRun } from "@/lib/usage/report";
import { requireUser } from "@/lib/vault/access";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { uuid } from "@/lib/vault/schema";

const path = z.strictObject({ id: uuid });

/** One run of the person's own, by the id that its page gave it. */
export function GET(request: Request, { params }: RouteContext<"/api/usage/runs/[id]">): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    const { id } = check(path, await params);
    return json(await findRun(user, id));
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
