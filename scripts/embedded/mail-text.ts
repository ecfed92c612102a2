const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " };

/**
 * The text of a mail's page, a blank line between its paragraphs: for the plain HTML of `supabase/templates`, and of
 * Supabase Lite's own templates.
 */
export function textOf(html: string): string {
  return html
    .replace(/<(head|style|title)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->/gi, "")
    .replace(/\s+/g, " ")
    .replace(/<\/(p|h1|div|tr|table)>|<br\s*\/?>/gi, "\n\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity)
    .replace(/[^\S\n]*\n[^\S\n]*/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/**
 * The first link of a text to a page of ours.
 *
 * @param origin scheme, host and port of the app's pages
 */
export function linkIn(text: string, origin: string): string | undefined {
  return text
    .match(/https?:\/\/[^\s<>"]+/g)
    ?.find((link) => URL.canParse(link) && new URL(link).origin === origin);
}
