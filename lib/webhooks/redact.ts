/** A part of an address may be a secret, or what it begins with, from this many characters on. */
const SHORTEST = 8;
const SHORTEST_BEGINNING = 4;

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Takes an address out of what its receiver answered: many servers quote the path that they do not know, and lists show no
 * more of an address than its host. One plain word, such as "services", is no secret.
 *
 * @param text the beginning of an answer, which may end within such a part
 */
export function withoutAddress(text: string, { pathname, search }: URL): string {
  const parts = [...pathname.split("/"), ...search.slice(1).split(/[&=]/)].filter(isSecret);
  // The longest first, because one may be a part of another.
  const found = [pathname + search, pathname, ...parts.sort((a, b) => b.length - a.length)]
    .filter((part) => part.length > 1)
    .flatMap(spellings);
  let left = text;
  for (const part of found) left = left.replaceAll(part, "…");
  for (const part of found) {
    for (let length = part.length - 1; length >= SHORTEST_BEGINNING; length -= 1) {
      if (left.endsWith(part.slice(0, length))) left = `${left.slice(0, -length)}…`;
    }
  }
  return left;
}

const isSecret = (part: string) => part.length >= SHORTEST && !/^[a-z]+$/.test(part);

/** As it is in an address, decoded, and each of them in HTML. */
function spellings(part: string): string[] {
  let decoded = part;
  try {
    decoded = decodeURIComponent(part);
  } catch {}
  const plain = [part, decoded];
  return [
    ...new Set([
      ...plain,
      ...plain.map((text) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)),
    ]),
  ];
}
