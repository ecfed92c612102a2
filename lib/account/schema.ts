import { z } from "zod";
import { uuid } from "../vault/schema";

// Longer than any that is accepted; how long one may be is for lib/auth/new-password.ts to say.
const password = z.string("A password is text.").max(1024, "The password is too long.");

/** The body of `POST /api/account/password`. */
export const passwordBody = z.strictObject({ current_password: password, new_password: password });

/** The body of `POST /api/account/email`. */
export const emailBody = z.strictObject({ email: z.string("The address is text.") });

/** The query of `DELETE /api/account/sessions`. */
export const sessionsQuery = z.strictObject({
  scope: z.enum(["others", "global"], "The scope is others or global."),
});

/** The body of `POST /api/account/deletion`. */
export const deletionBody = z.strictObject({
  password,
  /** Null to delete the team. */
  teams: z
    .array(z.strictObject({ team_id: uuid, pass_to: uuid.nullable() }), "The teams are a list.")
    .max(50, "Nobody is in more than 50 teams."),
});
export type TeamChoice = z.infer<typeof deletionBody>["teams"][number];

/** Passwords, an address, and a choice for each team. */
export const MAX_ACCOUNT_BODY_BYTES = 16_384;
