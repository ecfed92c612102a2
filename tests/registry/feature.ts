import type { Page } from "@playwright/test";

/** Asks the route of step 5, from the page as a person's browser does. */
export const ask = (page: Page, team_id?: string) =>
  page.evaluate(
    async (body) => {
      const headers = { "content-type": "application/json" };
      const reply = await fetch("/api/ask", { method: "POST", headers, body });
      return { status: reply.status, body: await reply.json() };
    },
    JSON.stringify({ prompt: "Hello", team_id }),
  );
/** Its reply where there is no key. */
export const NO_KEY = { status: 404, body: { code: "secret_not_found" } };

/** The access token in the cookies that @supabase/ssr sets: base64url after a prefix, perhaps in pieces. */
export function accessToken(cookies: { name: string; value: string }[]): string {
  const pieces = cookies
    .filter(({ name }) => /-auth-token(\.\d)?$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const text = pieces
    .map(({ value }) => value)
    .join("")
    .replace("base64-", "");
  return JSON.parse(Buffer.from(text, "base64url").toString()).access_token;
}

/** The UUID of the person in the page. */
export async function userId(page: Page): Promise<string> {
  const [, payload = ""] = accessToken(await page.context().cookies()).split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString()).sub;
}
