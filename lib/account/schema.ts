import { z } from "zod";
import { uuid } from "../vault/schema";

// Longer than any that is accepted; how long one may be is for lib/auth/new-password.ts to say.
const password = z.string("The password must be text.").max(1024, "The password is too long.");

/** The body of `POST /api/account/password`. */
export const passwordBody = z.strictObject({ current_password: password, new_password: password });

/** The body of `POST /api/account/email`. */
export const emailBody = z.strictObject({ email: z.string("The address must be text.") });

/** The query of `DELETE /api/account/sessions`. */
export const sessionsQuery = z.strictObject({
  scope: z.enum(["others", "global"], "scope must be others or global."),
});

/** The body of `POST /api/account/deletion`. */
export const deletionBody = z.strictObject({
  password,
  /** Null to delete the team. */
  teams: z
    .array(z.strictObject({ team_id: uuid, pass_to: uuid.nullable() }), "teams must be a list.")
    .max(50, "teams can have at most 50 entries."),
});
export type TeamChoice = z.infer<typeof deletionBody>["teams"][number];

/** Passwords, an address, and a choice for each team. */
export const MAX_ACCOUNT_BODY_BYTES = 16_384;
