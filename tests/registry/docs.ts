import { readFileSync } from "node:fs";

/** A code block of docs/install.md that says which file it is, or what it is for, after its language. */
interface Block {
  /** E.g. `app/vault/page.tsx`. */
  name: string;
  code: string;
}

/** The named code blocks of a page, in their order. */
function readBlocks(page: string): Block[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  return [...text.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = "", code = ""]) => ({
    name,
    code,
  }));
}

/**
 * One block of a page in docs.
 *
 * @throws Error if there is none of this name, or more than one
 */
export function readBlock(name: string, page = "install.md"): string {
  const found = readBlocks(page).filter((block) => block.name === name);
  if (found.length !== 1) throw new Error(`docs/${page} has ${found.length} code blocks named ${name}.`);
  return found[0]?.code ?? "";
}
