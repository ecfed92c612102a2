import { z } from "zod";

/** The embedded database writes a numeric whose digits JavaScript would write otherwise, such as 3e-7, as a text. */
export const usd = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
]);
