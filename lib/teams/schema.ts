import { z } from "zod";
import { uuid } from "../vault/schema";
import { KEY_POLICIES, MAX_TEAM_NAME_LENGTH } from "./types";

const NAME_RULE = `A team's name has 1 to ${MAX_TEAM_NAME_LENGTH} characters.`;

// Strangers read the name in an invitation: nothing in it breaks the line or turns the text around.
const NOT_PLAIN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

const name = z
  .string(NAME_RULE)
  .trim()
  .min(1, NAME_RULE)
  .max(MAX_TEAM_NAME_LENGTH, NAME_RULE)
  .refine(
    (text) => text.isWellFormed() && !NOT_PLAIN.test(text) && VISIBLE.test(text),
    "A team's name is one line of plain text.",
  );
const role = z.enum(["admin", "member"], "The role is admin or member.");

/** The body of `POST /api/teams`. */
export const newTeamBody = z.strictObject({ name });

/** The body of `PATCH /api/teams/[teamId]`. */
export const changeTeamBody = z
  .strictObject({
    name: name.optional(),
    key_policy: z.enum(KEY_POLICIES, `The policy is one of ${KEY_POLICIES.join(", ")}.`).optional(),
  })
  .refine(
    (body) => body.name !== undefined || body.key_policy !== undefined,
    "There is nothing to change: give a name or a policy.",
  );
export type TeamChange = z.infer<typeof changeTeamBody>;

/** The body of `PATCH /api/teams/[teamId]/members/[userId]`. */
export const changeMemberBody = z.strictObject({ role });

/** The body of `POST /api/teams/[teamId]/invites`. */
export const newInviteBody = z.strictObject({ role: role.default("member") });

/** The body of `POST /api/invites` and `POST /api/invites/accept`. Any short text: a wrong one is unknown. */
export const inviteTokenBody = z.strictObject({
  token: z
    .string("The token is text.")
    .min(1, "The token is empty.")
    .max(200, "The token is longer than any of ours."),
});

/** What the addresses below `/api/teams` name. */
export const teamPath = z.object({ teamId: uuid });
export const memberPath = z.object({ teamId: uuid, userId: uuid });
export const invitePath = z.object({ teamId: uuid, inviteId: uuid });

/** Names, roles and tokens, and nothing that is long. */
export const MAX_TEAM_BODY_BYTES = 4096;
