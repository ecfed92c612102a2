/** Where a link leads to, and what to call that place. */
export interface Target {
  href: string;
  /** The host, or the address that mail goes to. */
  place: string;
}

/** Characters that nobody sees: controls, and those that turn the direction of writing or join and part letters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const MAIL = /^mailto:([\w.+-]+@[\w-]+(?:\.[\w-]+)+)(?:\?|$)/i;

/**
 * Where a model's link may lead to: another site, or mail. Nothing on this site, no script, no data, and no address
 * that looks like another one.
 *
 * @returns null where it is to be no link
 */
export function targetOf(address: string): Target | null {
  const mail = MAIL.exec(address)?.[1];
  // Without what comes after `?`: it would write the mail, and add people to it.
  if (mail) return { href: `mailto:${mail}`, place: mail };
  if (!/^https?:\/\/[^/\\]/i.test(address) || UNSEEN.test(decoded(address))) return null;
  const url = URL.parse(address);
  // What is before `@` looks like the host, and is a name and a password.
  if (!url || url.username + url.password !== "") return null;
  return { href: url.href, place: url.host };
}

/** Whether a link's text names the place that the link leads to, so that it need not be added. */
export function names(text: string, { place }: Target): boolean {
  const named = text
    .trim()
    .replace(/^(?:https?:\/\/|mailto:)/i, "")
    .split(/[/?#]/, 1)[0];
  return named?.toLowerCase() === place.toLowerCase() && !UNSEEN.test(text);
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
