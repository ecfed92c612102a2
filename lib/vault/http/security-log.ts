import { z } from "zod/v4";
import { uuid } from "../schema";
import { shortNetworkOf } from "../session/client-address";
import { combineBursts } from "./bursts";
import type { Problem } from "./problem";
import { requestContext } from "./request-context";

/** What a person, a session or a client is refused with. */
const REFUSALS = [401, 403, 429] as const;

/** A part of a path that an address of this code can have. Ids and names are written in other ways. */
const PART = /^[a-z]{1,20}(-[a-z]{1,20}){0,3}$/;

const entry = z.object({
  event: z.enum(["sign_in_failed", "refused"]),
  /** Of the closed lists of problems; docs/errors.md. */
  code: z.string().regex(/^[a-z_]{1,40}$/),
  /** HTTP status that was answered with. */
  status: z.literal(REFUSALS),
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).optional().catch(undefined),
  /** The address without its query; what is no fixed part of it is `:id`. */
  route: z
    .string()
    .regex(/^(\/([a-z-]{1,83}|:id)){1,8}$/)
    .optional()
    .catch(undefined),
  /** UUID of the person who is signed in, or whose password was right. */
  user: uuid.optional().catch(undefined),
  /** The network that the client is in, and not its address: /24 of IPv4, /48 of IPv6. */
  client: z
    .string()
    .regex(/^[0-9a-f.:]{2,30}\/(24|48)$/)
    .optional()
    .catch(undefined),
});

/** What a line on a refusal may say: the allow-list beside that of log.ts, and as strict. */
export const securityLine = z.object({
  time: z.iso.datetime(),
  level: z.literal("warning"),
  ...entry.shape,
  /** How many refusals the line stands for. */
  count: z.int().positive(),
});

const log = combineBursts<z.infer<typeof entry>>((said, count) => {
  const line = { time: new Date().toISOString(), level: "warning", ...said, count };
  console.warn(JSON.stringify(line));
});

/**
 * Tells the operator of a refusal in one line of JSON, or of many like it: {@link combineBursts}.
 *
 * @param problem that the current request is answered with. It has no line where it is none of 401, 403 and 429
 */
export function logRefusal(problem: Problem): void {
  const { code, status } = problem;
  if (!REFUSALS.some((refusal) => refusal === status)) return;
  const { request, userId, clientAddress } = requestContext();
  const address = clientAddress?.();
  const parsed = entry.safeParse({
    event: problem.event ?? "refused",
    code,
    status,
    method: request?.method,
    route: request && routeOf(request.url),
    user: userId,
    client: address && shortNetworkOf(address),
  });
  if (!parsed.success) return;
  const { event } = parsed.data;
  log(code, parsed.data, { event, code, status: parsed.data.status });
}

function routeOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname.replace(/[^/]+/g, (part) => (PART.test(part) ? part : ":id"));
}
