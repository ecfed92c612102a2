import { readFileSync } from "node:fs";

/** A code block of a page in docs/ that says which file it is, or what it is for, after its language. */
interface Block {
  /** E.g. `app/vault/page.tsx`. */
  name: string;
  code: string;
}

const readPage = (page: string) => readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");

/** The named code blocks of a text, in their order. */
function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = "", code = ""]) => ({
    name,
    code,
  }));
}

/**
 * One block of docs/install.md.
 *
 * @throws Error if there is none of this name, or more than one
 */
export function readBlock(name: string): string {
  const found = blocksOf(readPage("install.md")).filter((block) => block.name === name);
  if (found.length !== 1) throw new Error(`docs/install.md has ${found.length} code blocks named ${name}.`);
  return found[0]?.code ?? "";
}

/**
 * The blocks below one heading, up to the next one.
 *
 * @param page of docs/
 * @throws Error if there is no such heading with blocks
 */
export function readSection(page: string, heading: string): Block[] {
  const section = readPage(page)
    .split(/^#+ /m)
    .find((section) => section.startsWith(`${heading}\n`));
  const blocks = blocksOf(section ?? "");
  if (blocks.length === 0) throw new Error(`docs/${page} has no code below "${heading}".`);
  return blocks;
}
