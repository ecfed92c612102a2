import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

/** As much of a file may be left, because a page that some process uses stays. */
const MOST_LEFT = 0.1;

/**
 * Empties the page cache: the whole machine's if this process may, otherwise what it holds of `files`.
 *
 * @param files those that have to be read from the disk again
 * @returns what went wrong, or undefined if hardly anything of them is left
 */
export function emptyPageCache(files: string[]): string | undefined {
  try {
    execFileSync("sync");
    try {
      writeFileSync("/proc/sys/vm/drop_caches", "3");
    } catch {
      for (const file of cached(files).keys()) {
        execFileSync("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]);
      }
    }
    for (const [file, share] of cached(files)) {
      if (share > MOST_LEFT) return `${(share * 100).toFixed(0)} % of ${file} is still in memory`;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Which of the files are in memory, and what share of each. */
function cached(files: string[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (let from = 0; from < files.length; from += 1_000) {
    const options = ["--raw", "--noheadings", "--bytes", "--output", "RES,SIZE,FILE"];
    const text = execFileSync("fincore", [...options, ...files.slice(from, from + 1_000)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 64 * 1024 * 1024,
    });
    for (const line of text.split("\n")) {
      const [, resident, size, file] = /^(\d+) (\d+) (.+)$/.exec(line) ?? [];
      if (file && Number(resident) > 0) shares.set(file, Number(resident) / Number(size));
    }
  }
  return shares;
}
