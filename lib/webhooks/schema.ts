import { z } from "zod";

/** The body of `POST /api/webhooks`. */
export const newWebhookBody = z.strictObject({
  url: z
    .string("The address is text.")
    .trim()
    .max(2048, "The address is longer than 2,048 characters.")
    .refine((text) => {
      const url = URL.parse(text);
      return url?.protocol === "https:" && url.username === "" && url.password === "";
    }, "Enter an address that begins with https:// and holds no user name or password.")
    .transform((text) => new URL(text).href),
  description: z
    .string("The description is text.")
    .trim()
    .max(500, "A description has at most 500 characters.")
    .refine(
      (text) => text.isWellFormed() && !/\p{Cc}/u.test(text),
      "A description is one line of plain text.",
    )
    .default(""),
});

/** One webhook, as lists show it. */
export const webhook = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string(),
  created_at: z.string(),
});
export type Webhook = z.infer<typeof webhook>;
