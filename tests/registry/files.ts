import { readFileSync } from "node:fs";
import { join } from "node:path";
import { folderOf, type Host, listFiles, skeletonOf } from "./hosts.ts";
import { type Item, placeOf } from "./item.ts";

/** What files have to contain, by their paths below the host's folder; undefined for anything. */
type Expected = Map<string, string | undefined>;

/** The host's own files. Those that the CLI and npm may change, may have any content. */
function ownFiles(host: Host): Expected {
  const skeleton = skeletonOf(host);
  const own: Expected = new Map(
    listFiles(skeleton).map((path) => [path, readFileSync(join(skeleton, path), "utf8")]),
  );
  for (const path of ["package.json", "package-lock.json"]) own.set(join(host.app, path), undefined);
  return own;
}

/**
 * Compares the app with its skeleton and with what was shipped.
 *
 * @param written what a person wrote, or to what they renamed a migration, below the host's app
 * @returns how many files were compared
 * @throws Error if something was changed, is missing or was added that docs/install.md does not speak of
 */
export function checkFiles(host: Host, item: Item, written: string[]): string {
  const expected = ownFiles(host);
  const own = expected.size;
  for (const file of item.files) {
    const place = placeOf(host, file);
    const [, name] = place.match(/^supabase\/migrations\/\d+(_.+)$/) ?? [];
    if (name && written.some((path) => path.endsWith(name))) continue;
    const path = join(host.app, place);
    if (expected.has(path)) throw new Error(`${path} is the app's own as well.`);
    expected.set(path, file.content.replaceAll('"@/', `"${host.alias}/`));
  }
  for (const path of written) expected.set(join(host.app, path), undefined);
  compare(host, expected);
  return `${item.files.length} installed, ${own} of the app's own`;
}

/**
 * Compares the app from which the vault was removed with its skeleton.
 *
 * @param left what a person has left there, below the host's app
 * @throws Error if something else is there, or something is missing
 */
export function checkRemoved(host: Host, left: string[]): void {
  const expected = ownFiles(host);
  for (const path of left) expected.set(join(host.app, path), undefined);
  compare(host, expected);
}

function compare(host: Host, expected: Expected): void {
  const files = new Set(listFiles(folderOf(host)));
  const wrong: string[] = [];
  for (const [path, content] of expected) {
    if (!files.has(path)) wrong.push(`${path} is missing`);
    else if (content !== undefined && readFileSync(join(folderOf(host), path), "utf8") !== content) {
      wrong.push(`${path} has changed`);
    }
  }
  for (const path of files) if (!expected.has(path)) wrong.push(`${path} comes from nowhere`);
  if (wrong.length > 0) throw new Error(`In ${folderOf(host)}:\n${wrong.join("\n")}`);
}
