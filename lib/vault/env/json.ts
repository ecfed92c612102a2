/** Whether a text is valid JSON. */
export const isJson = (text: string): boolean => parseJson(text) !== undefined;

/** @returns undefined if the text is no JSON, which has no such value itself */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A name and what it is given in a file; undefined where that is no text. */
export interface Assigned {
  name: string;
  value: string | undefined;
  comment?: string;
}

/**
 * Reads names and values from JSON: a flat object, as `doppler secrets download --format json` and
 * `phase secrets export --format json` write it, or a list of objects with `key` and `value`, as
 * `infisical export --format=json` does, or with `name` and `value`, as Azure and Amazon ECS have it.
 *
 * @returns undefined if the text is none of these; does not throw
 * @example readJson('{"A_KEY":"abc"}') // [{ name: "A_KEY", value: "abc" }]
 */
export function readJson(text: string): Assigned[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  const json = parseJson(text);
  if (typeof json !== "object" || json === null) return undefined;
  if (!Array.isArray(json))
    return Object.entries(json).map(([name, value]) => ({ name, value: asText(value) }));
  const items: Assigned[] = [];
  for (const item of json as unknown[]) {
    if (typeof item !== "object" || item === null) return undefined;
    const { key, name = key, value, comment } = item as Record<string, unknown>;
    if (typeof name !== "string") return undefined;
    items.push({ name, value: asText(value), comment: asText(comment) ?? "" });
  }
  return items;
}

const asText = (value: unknown) => (typeof value === "string" ? value : undefined);
