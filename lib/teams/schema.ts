import { z } from "zod";
import { uuid } from "../vault/schema";
import { BUDGET_RULE, isBudget } from "./budget";
import { KEY_POLICIES, LABEL_RULE, MAX_LABEL_LENGTH, MAX_TEAM_NAME_LENGTH, TEAM_NAME_RULE } from "./types";

// Strangers read the name in an invitation: nothing in it breaks the line or turns the text around.
const NOT_PLAIN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

const isPlainLine = (text: string) => text.isWellFormed() && !NOT_PLAIN.test(text) && VISIBLE.test(text);

const name = z
  .string(TEAM_NAME_RULE)
  .trim()
  .min(1, TEAM_NAME_RULE)
  .max(MAX_TEAM_NAME_LENGTH, TEAM_NAME_RULE)
  .refine(isPlainLine, "A team's name must be one line of plain text.");
// The form's words say "empty" for what is null here.
const budget = z
  .number(BUDGET_RULE.replace("empty", "null"))
  .refine(isBudget, BUDGET_RULE.replace("empty", "null"))
  .nullable();
const role = z.enum(["admin", "member"], "The role must be admin or member.");

const hasAny = (body: object) => Object.values(body).some((value) => value !== undefined);

/** The body of `POST /api/teams`. */
export const newTeamBody = z.strictObject({ name });

/** The body of `PATCH /api/teams/[teamId]`. */
export const changeTeamBody = z
  .strictObject({
    name: name.optional(),
    key_policy: z.enum(KEY_POLICIES, `The policy must be one of ${KEY_POLICIES.join(", ")}.`).optional(),
    monthly_usd: budget.optional(),
    member_monthly_usd: budget.optional(),
  })
  .refine(hasAny, "There's nothing to change: send a name, a policy, or a budget.");
export type TeamChange = z.infer<typeof changeTeamBody>;

/** The body of `PATCH /api/teams/[teamId]/members/[userId]`. A budget of null is the team's default. */
export const changeMemberBody = z
  .strictObject({ role: role.optional(), monthly_usd: budget.optional() })
  .refine(hasAny, "There's nothing to change: send a role or a budget.");
export type MemberChange = z.infer<typeof changeMemberBody>;

const label = z
  .string(LABEL_RULE)
  .trim()
  .min(1, LABEL_RULE)
  .max(MAX_LABEL_LENGTH, LABEL_RULE)
  .refine(isPlainLine, "A label must be one line of plain text.");

const EMAIL_RULE = "Enter one e-mail address, such as name@example.com.";
// RFC 5321, 4.5.3.1.3.
const email = z
  .string(EMAIL_RULE)
  .trim()
  .max(254, "An e-mail address can have at most 254 characters.")
  .pipe(z.email(EMAIL_RULE));

/** The body of `POST /api/teams/[teamId]/invites`. */
export const newInviteBody = z
  .strictObject({
    role: role.default("member"),
    label: label.optional(),
    /** Where the link is sent to. */
    email: email.optional(),
  })
  // An address that is longer than a label says the same by its beginning.
  .transform((body) => ({ ...body, label: body.label ?? body.email?.slice(0, MAX_LABEL_LENGTH) ?? null }));

/** The body of `POST /api/invites` and `POST /api/invites/accept`. Any short text: a wrong one is unknown. */
export const inviteTokenBody = z.strictObject({
  token: z.string("The token must be text.").min(1, "The token is empty.").max(200, "The token is too long."),
});

/** What the addresses below `/api/teams` name. */
export const teamPath = z.object({ teamId: uuid });
export const memberPath = z.object({ teamId: uuid, userId: uuid });
export const invitePath = z.object({ teamId: uuid, inviteId: uuid });

/** Names, roles and tokens, and nothing that is long. */
export const MAX_TEAM_BODY_BYTES = 4096;

/** The body of `POST /api/teams/[teamId]/restore`: an empty object. */
export const restoreBody = z.strictObject({});
