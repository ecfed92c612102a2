import { uuid } from "../vault/schema";

/** Where the links in e-mails lead; and the page of their button, whose address is like theirs. */
const CONFIRM = "/auth/confirm";
const OWN = [CONFIRM, "/auth/link"];

const MEMBERS = ["code", "token_hash", "type", "error", "error_code"];

/**
 * Where a link of Supabase Auth's should have led. It leads to the project's Site URL instead if that has a path, or if the
 * project doesn't list our address among its redirect URLs.
 *
 * @param address that a page was asked for under
 * @returns a path with a query; null where the address is no such link, or is in its place
 */
export function placeOfLink({ pathname, searchParams }: URL): string | null {
  const isLink =
    uuid.safeParse(searchParams.get("code")).success ||
    searchParams.has("token_hash") ||
    searchParams.has("error_code");
  if (!isLink || OWN.includes(pathname)) return null;
  const members = [...searchParams].filter(([name]) => MEMBERS.includes(name));
  return `${CONFIRM}?${new URLSearchParams(members)}`;
}
