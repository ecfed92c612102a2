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
  expect(scan()).toMatchObject({ status: 0, said: expect.stringContaining("✓ Nothing") });
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
