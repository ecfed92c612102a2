import { z } from "zod";
import { uuid } from "../vault/schema";

/** The largest body below /api/account/factors, in bytes. */
export const MAX_FACTOR_BODY_BYTES = 1_024;

/** The body of `POST /api/account/factors`. */
export const enrolBody = z.strictObject({});

/** The body of `POST /api/account/factors/verify`. */
export const verifyBody = z.strictObject({ id: uuid, code: z.string("The code must be text.") });

/** The query of `DELETE /api/account/factors`. */
export const removeQuery = z.strictObject({ id: uuid });
