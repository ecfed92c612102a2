import { readFileSync } from "node:fs";

/** A code block of docs/install.md that says which file it is, or what it is for, after its language. */
interface Block {
  /** E.g. `app/vault/page.tsx`. */
  name: string;
  code: string;
}

/** Which page of docs/. */
export type Page = "install.md" | "host-examples.md" | "with-key.md" | "recipes.md";

export const readPage = (page: Page) => readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");

/** The named code blocks of a text, in their order. */
function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = "", code = ""]) => ({
    name,
    code,
  }));
}

/** The named code blocks of a page, in their order. */
export const readBlocks = (page: Page) => blocksOf(readPage(page));

/**
 * One block of a page.
 *
 * @throws Error if there is none of this name, or more than one
 */
export function readBlock(name: string, page: Page = "install.md"): string {
  const found = readBlocks(page).filter((block) => block.name === name);
  if (found.length !== 1) throw new Error(`docs/${page} has ${found.length} code blocks named ${name}.`);
  return found[0]?.code ?? "";
}
