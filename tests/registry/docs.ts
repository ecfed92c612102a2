import { readFileSync } from "node:fs";

/** A code block of a page in docs that says which file it is, or what it is for, after its language. */
interface Block {
  /** E.g. `app/vault/page.tsx`. */
  name: string;
  code: string;
}

/** The named code blocks of a page in docs, in their order. */
export function readBlocks(page: string): Block[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
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
  const found = readBlocks("install.md").filter((block) => block.name === name);
  if (found.length !== 1) throw new Error(`docs/install.md has ${found.length} code blocks named ${name}.`);
  return found[0]?.code ?? "";
}
