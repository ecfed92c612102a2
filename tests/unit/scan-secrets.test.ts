import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;
// Made here, so that nothing of this form stands in the repository.
const secret = `ghp_${randomBytes(27).toString("hex").slice(0, 36)}`;

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@vault.test", ...args], { cwd: folder });
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
const commit = (message: string) => {
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", message);
};
const scan = () => {
  const { status, stdout, stderr } = spawnSync("node", ["scripts/scan-secrets.ts", folder], {
    encoding: "utf8",
  });
  expect(stdout + stderr).not.toContain(secret);
  return { status, said: stdout + stderr };
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scan-"));
  git("init", "--quiet");
  write("a.ts", "const key = 'sk-ant-test-not-real';\n");
  commit("First");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("finds nothing where nothing is", () => {
  expect(scan()).toMatchObject({ status: 0, said: expect.stringContaining("✓ No secrets found") });
});

it("finds a secret that was there once, without repeating it", () => {
  write("a.ts", `const one = 1;\nconst key = "${secret}";\n`);
  commit("Second");
  write("a.ts", "const key = process.env.KEY;\n");
  commit("Third");
  expect(scan()).toMatchObject({
    status: 1,
    said: expect.stringMatching(/^✗ a\.ts, as in \w{8}, line 2: github\n1 found\./),
  });
});

const random = (bytes: number) => randomBytes(bytes).toString("hex");

it.each([
  ["a master key", `VAULT_MASTER_KEY=${random(32)}`],
  // One key in sixteen begins with the same digit twice.
  ["a master key", `VAULT_MASTER_KEY=77${random(31)}`],
  ["a Supabase secret key", `sb_secret_A1${randomBytes(20).toString("base64url")}`],
  ["a JSON Web Token", `eyJ${random(10)}.eyJ${random(20)}.${random(20)}`],
  ["a webhook's signing secret", `whsec_${randomBytes(32).toString("base64")}`],
  ["a password's hash", `$2b$10$${random(27).slice(0, 53)}`],
])("knows %s, which this project hands out", (what, text) => {
  write("a.ts", `first\n${text}\n`);
  const { status, said } = scan();
  expect({ status, said }).toMatchObject({
    status: 1,
    said: expect.stringContaining(`✗ a.ts, line 2: ${what}`),
  });
  expect(said).not.toContain(text);
});

it("finds one in a tag's message, in UTF-16, and where a comment says not to look", () => {
  git("tag", "--annotate", "v1", "--message", secret);
  expect(scan()).toMatchObject({ status: 1, said: expect.stringMatching(/✗ the tag \w{8}/) });
  git("tag", "--delete", "v1");
  writeFileSync(join(folder, "b.txt"), Buffer.from(`\ufeff${secret}`, "utf16le"));
  expect(scan()).toMatchObject({ status: 1, said: expect.stringContaining("✗ b.txt, line 1: github") });
  write("b.txt", `// secretlint-disable\n${secret}\n`);
  expect(scan()).toMatchObject({ status: 1, said: expect.stringContaining("✗ b.txt, line 2: github") });
});

it("finds one in a file that git does not know yet, in a commit's message and on another branch", () => {
  write("new file.txt", secret);
  expect(scan()).toMatchObject({
    status: 1,
    said: expect.stringContaining("✗ new file.txt, line 1: github"),
  });
  rmSync(join(folder, "new file.txt"));
  commit(`Use ${secret}`);
  expect(scan()).toMatchObject({
    status: 1,
    said: expect.stringMatching(/✗ the commit \w{8}, line \d+: github/),
  });
  git("branch", "other");
  git("reset", "--quiet", "--hard", "HEAD~1");
  expect(scan()).toMatchObject({ status: 1, said: expect.stringContaining("✗ the commit") });
});
