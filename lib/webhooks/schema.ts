import { z } from "zod";
import { description, utcTime, uuid } from "../vault/schema";
import { DELIVERY_ERRORS, MAX_URL_LENGTH, PAUSE_REASONS, URL_LENGTH_RULE, WEBHOOK_EVENTS } from "./types";

const url = z
  .string("The address must be text.")
  .trim()
  .max(MAX_URL_LENGTH, URL_LENGTH_RULE)
  .refine((text) => {
    const parsed = URL.parse(text);
    return (
      (parsed?.protocol === "https:" || parsed?.protocol === "http:") &&
      parsed.username === "" &&
      parsed.password === ""
    );
  }, "Enter an address that begins with https:// and has no username or password.")
  .transform((text) => {
    const address = new URL(text);
    // Never sent, and two addresses that differ in it alone are one.
    address.hash = "";
    return address.href;
  })
  // What is not ASCII is longer once it is written as in the request.
  .refine((text) => text.length <= MAX_URL_LENGTH, URL_LENGTH_RULE);

const EVENTS_RULE = `Choose at least one event: ${WEBHOOK_EVENTS.join(", ")}.`;
const events = z
  .array(z.enum(WEBHOOK_EVENTS, EVENTS_RULE), EVENTS_RULE)
  .min(1, EVENTS_RULE)
  // In the list's order, each once.
  .transform((chosen) => WEBHOOK_EVENTS.filter((event) => chosen.includes(event)));

/** The body of `POST /api/webhooks`. */
export const newWebhookBody = z.strictObject({
  url,
  description: description.default(""),
  events: events.default([...WEBHOOK_EVENTS]),
  team_id: uuid.optional(),
});

/** The body of `PATCH /api/webhooks`: only what is given changes. */
export const changeWebhookBody = z
  .strictObject({
    id: uuid,
    team_id: uuid.optional(),
    url: url.optional(),
    description: description.optional(),
    events: events.optional(),
    paused: z.boolean("paused must be true or false.").optional(),
    /** That somebody has looked at why it paused itself. */
    pause_seen: z.literal(true, "pause_seen must be true.").optional(),
  })
  .refine(
    ({ id: _, team_id: __, ...change }) => Object.values(change).some((value) => value !== undefined),
    "There's nothing to change: send an address, a description, events, or paused.",
  );

/** Parameters of `GET /api/webhooks`: without `team_id` it is the signed-in person's. */
export const webhooksQuery = z
  .strictObject({
    id: uuid.optional(),
    reveal: z.enum(["true", "false"], "reveal must be true or false.").optional(),
    team_id: uuid.optional(),
  })
  .refine(
    ({ id, reveal }) => (id !== undefined) === (reveal === "true"),
    "Send id together with reveal=true, and nothing else.",
  );

/** Parameters, or a body, that name one webhook. */
export const oneWebhook = z.strictObject({ id: uuid, team_id: uuid.optional() });

/** The body of `POST /api/webhooks/resend`. */
export const resendBody = z.strictObject({ id: uuid, delivery_id: uuid, team_id: uuid.optional() });

/** Bytes that a request's body may have. */
export const MAX_WEBHOOK_BODY_BYTES = 8192;

/** One webhook as it may leave the server: everything but its signing secret and where it leads. Times are ISO 8601 in UTC. */
export const webhook = z.object({
  id: z.string(),
  /** What is shown of where it leads, e.g. `https://hooks.slack.com/…`. */
  address: z.string(),
  description: z.string(),
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  /** Attempts that failed since the last one that arrived. */
  failures: z.number(),
  last_delivered_at: utcTime.nullable(),
  /** Null while it is sent to. */
  pause_reason: z.enum(PAUSE_REASONS).nullable(),
  /** Whether it paused itself, and nobody has looked at it since. */
  pause_is_unseen: z.boolean(),
  created_at: utcTime,
});
export type Webhook = z.infer<typeof webhook>;

/** A webhook together with its signing secret, which leaves the server this once. */
export type NewWebhook = Webhook & { secret: string };

/** One attempt as it may leave the server. */
export const delivery = z.object({
  id: z.string(),
  message_id: z.string(),
  event: z.string(),
  /** The JSON text that was sent. */
  payload: z.string(),
  /** 1 for a message's first. */
  attempt: z.number(),
  /** "unfinished" is one that was interrupted, so that nobody knows whether it arrived. */
  status: z.enum(["started", "delivered", "failed", "unfinished"]),
  /** Of the HTTP answer; null if there was none. */
  response_status: z.number().nullable(),
  /** How the answer's body begins; null if there was none. */
  response_excerpt: z.string().nullable(),
  error: z.enum(DELIVERY_ERRORS).nullable(),
  duration_ms: z.number().nullable(),
  /** Before when the receiver asked for no retry, where none follows by itself; null everywhere else. */
  retry_at: utcTime.nullable(),
  created_at: utcTime,
});
export type Delivery = z.infer<typeof delivery>;
