import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "vitest/node";

export interface SyntaxNode {
  type?: string;
  name?: unknown;
  source?: { value?: unknown; quasis?: { value: { cooked: string } }[] } | null;
  /** Of a text between tags, as it is written. */
  raw?: string;
}

/** Every node of a source's syntax tree. */
function nodesIn(source: string, lang: "ts" | "tsx"): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const visit = (node: unknown) => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null) return;
    found.push(node);
    Object.values(node).forEach(visit);
  };
  visit(parseAst(source, { lang }));
  return found;
}

/** Every node of a file's syntax tree. */
export const nodesOf = (path: string): SyntaxNode[] =>
  nodesIn(readFileSync(path, "utf8"), path.endsWith("x") ? "tsx" : "ts");

/** All that a source imports: also types, dynamically, and by exporting it again. */
export function importsIn(source: string, lang: "ts" | "tsx" = "ts"): string[] {
  return nodesIn(source, lang).flatMap(({ type, source: from }) => {
    if (!/^(Import|TSImport|Export(All|Named))/.test(type ?? "") || !from) return [];
    // A template without anything in it names a file, too.
    return [String(from.value ?? from.quasis?.map(({ value }) => value.cooked).join("*"))];
  });
}

/** {@link importsIn} a file. */
export const importsOf = (path: string): string[] =>
  importsIn(readFileSync(path, "utf8"), path.endsWith("x") ? "tsx" : "ts");

/** The place of what an import names, possibly without its ending; undefined for a package. */
export function placeOfImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith("@/")) return specifier.slice(2);
  if (specifier.startsWith(".")) return join(from, "..", specifier);
  return undefined;
}

/**
 * The file that an import names.
 *
 * @param has whether there is a file at a place
 * @returns undefined for a package, and for what there is not
 */
export function fileOfImport(from: string, specifier: string, has = existsSync): string | undefined {
  const place = placeOfImport(from, specifier);
  if (place === undefined) return undefined;
  return [place, `${place}.ts`, `${place}.tsx`].find((path) => /\.tsx?$/.test(path) && has(path));
}

/**
 * A circle among files that import each other.
 *
 * @param imports of each file, the files that it imports
 * @returns the files along it, the first one also last; null if there is none
 */
export function findCircle(imports: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of imports.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return null;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return null;
}
