/**
 * `npm run scan:secrets [-- FOLDER]`: looks for anything with the form of a real secret in the files of a git
 * repository, in every version that its history holds, and in the messages of its commits. The rules are
 * secretlint's recommended ones, and this project's own. Ends with 1 where something is found, and says where, not what.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";

interface Source {
  /** What to call it in the report, e.g. `lib/env.ts, as in 3f2a9c1d`. */
  name: string;
  path: string;
  content: Buffer;
}

const RECOMMENDED = "@secretlint/secretlint-rule-preset-recommend";
// An address in a test of what the form says to a user name and a password.
const EXCEPTIONS = [
  {
    id: "@secretlint/secretlint-rule-basicauth",
    options: { allows: ["/^https:\\/\\/name:word@example\\.com$/"] },
  },
];

const folder = process.argv[2] ?? ".";
const MOST_BYTES = 2 ** 30;

const git = (args: string[], input?: string): Buffer =>
  execFileSync("git", args, { cwd: folder, input, maxBuffer: MOST_BYTES });
const lines = (output: Buffer, separator = "\n") => output.toString().split(separator).filter(Boolean);

/**
 * What this project itself issues, which no general scanner knows. Made-up ones in tests have what random ones never have: a
 * key that repeats one piece, or one without a digit or a capital letter.
 */
const OUR_SECRETS: [what: string, form: RegExp][] = [
  ["a master key", /VAULT_MASTER_KEY["']?\s*[:=]\s*["']?(?!([0-9a-f]{1,32})\1+\b)[0-9a-f]{64}\b/i],
  ["a Supabase secret key", /\bsb_secret_(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{20,}/],
  ["a JSON Web Token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/],
  ["a webhook's signing secret", /\bwhsec_[A-Za-z0-9+/]{32,}/],
  ["a password's hash", /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/],
];

/** The files as they are now, including those that git doesn't track yet. */
function presentFiles(): Source[] {
  return lines(git(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]), "\0")
    .filter((path) => existsSync(join(folder, path)))
    .map((path) => ({ name: path, path, content: readFileSync(join(folder, path)) }));
}

/** Every version of every file, and every commit with its message, that a branch or a tag leads to. */
function history(): Source[] {
  const paths = new Map<string, string>();
  for (const line of lines(git(["rev-list", "--objects", "--all"]))) {
    paths.set(line.slice(0, 40), line.slice(41));
  }
  // One process for all of them: each answers with "ID TYPE BYTES", its content and a line break.
  const batch = git(["cat-file", "--batch"], [...paths.keys()].join("\n"));
  const sources: Source[] = [];
  for (let at = 0; at < batch.length; ) {
    const end = batch.indexOf("\n", at);
    const [id = "", type, bytes] = batch.toString("latin1", at, end).split(" ");
    const content = batch.subarray(end + 1, end + 1 + Number(bytes));
    at = end + 1 + content.length + 1;
    const path = paths.get(id) || "message";
    if (type === "blob") sources.push({ name: `${path}, as in ${id.slice(0, 8)}`, path, content });
    if (type === "commit" || type === "tag") {
      sources.push({ name: `the ${type} ${id.slice(0, 8)}`, path: "message", content });
    }
  }
  return sources;
}

/** Which rules find something in it. Pictures and other binary files have no lines to look at. */
async function complaints({ path, content }: Source): Promise<string[]> {
  const isUtf16 = content[0] === 0xff && content[1] === 0xfe;
  if (content.includes(0) && !isUtf16) return [];
  // Nobody switches the scan off by a comment.
  const text = content.toString(isUtf16 ? "utf16le" : "utf8").replaceAll("secretlint-", "secretlint_");
  const ours = text
    .split("\n")
    .flatMap((line, index) =>
      OUR_SECRETS.filter(([, form]) => form.test(line)).map(([what]) => `line ${index + 1}: ${what}`),
    );
  const { messages } = await lintSource({
    source: { filePath: path, ext: extname(path), content: text, contentType: "text" },
    options: {
      maskSecrets: true,
      config: { rules: [{ id: RECOMMENDED, rule: creator, rules: EXCEPTIONS }] },
    },
  });
  const theirs = messages.map(
    ({ ruleId, loc }) => `line ${loc.start.line}: ${ruleId.replace(/^.*rule-/, "")}`,
  );
  return [...ours, ...theirs];
}

const sources = [...presentFiles(), ...history()];
let found = 0;
for (const source of sources) {
  for (const complaint of await complaints(source)) {
    console.error(`✗ ${source.name}, ${complaint}`);
    found += 1;
  }
}
if (lines(git(["rev-parse", "--is-shallow-repository"]))[0] === "true") {
  console.error("! This is a shallow clone: earlier history wasn't scanned.");
}
if (found > 0) {
  console.error(`${found} found. Revoke any that are real, then remove them from the history.`);
  process.exitCode = 1;
} else {
  console.log(`✓ No secrets found in ${sources.length} files, versions, and commits.`);
}
