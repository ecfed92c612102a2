import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readBlock } from "../registry/docs.ts";
import { copyShipped } from "../registry/shipped.ts";

// Other apps have other compiler options, and type-check the vault's files with theirs.

/** A new Next.js app's, without what only concerns its build. */
const NEXT_APP = {
  target: "ES2017",
  lib: ["dom", "dom.iterable", "esnext"],
  allowJs: true,
  skipLibCheck: true,
  strict: true,
  noEmit: true,
  esModuleInterop: true,
  module: "esnext",
  moduleResolution: "bundler",
  resolveJsonModule: true,
  isolatedModules: true,
  jsx: "react-jsx",
  paths: { "@/*": ["./*"] },
};

// Inside the project, where its packages are found, and ignored by git.
mkdirSync(".data", { recursive: true });
const folder = mkdtempSync(resolve(".data/types-"));
beforeAll(() => copyShipped(folder));
afterAll(() => rmSync(folder, { recursive: true }));

/** What TypeScript says about the files in an app with these options besides, or instead. */
function check(options: object, include = ["**/*.ts", "**/*.tsx"]): string {
  const file = join(folder, "tsconfig.json");
  writeFileSync(file, JSON.stringify({ compilerOptions: { ...NEXT_APP, ...options }, include }));
  const { stdout } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", file]);
  return stdout.toString();
}

it.each([
  ["of a new Next.js app", {}],
  ["of create-t3-app, with the libraries of ES2022 alone", { lib: ["dom", "dom.iterable", "ES2022"] }],
  // Each of them only adds errors, so that what compiles under all compiles under any.
  [
    "that are as strict as can be",
    {
      jsx: "preserve",
      target: "ES2018",
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      verbatimModuleSyntax: true,
      erasableSyntaxOnly: true,
      noImplicitOverride: true,
      noImplicitReturns: true,
      allowUnreachableCode: false,
    },
  ],
])("the files compile under the options %s", (_, options) => {
  expect(check(options)).toBe("");
});

it("the files of the vault compile under noPropertyAccessFromIndexSignature", () => {
  const folders = ["lib/vault", "components", "app/api/vault"];
  const installed = folders.map((path) => `${path}/**/*`);
  expect(check({ noPropertyAccessFromIndexSignature: true }, installed)).toBe("");
});

it.each(["install.md", "host-examples.md"] as const)("docs/%s has a getTeamRole that compiles", (page) => {
  const file = join(folder, "lib/vault/host.ts");
  const shipped = readFileSync(file, "utf8");
  const teams = readBlock("lib/vault/host.ts", page);
  writeFileSync(
    file,
    shipped.replace(/^export const getTeamRole[^;]*;\n/m, () => teams),
  );
  expect(readFileSync(file, "utf8")).toContain(teams);
  expect(check({ noUnusedLocals: true, noUnusedParameters: true }, ["lib/vault/host.ts"])).toBe("");
  writeFileSync(file, shipped);
});

it("a mistake in them would be found", () => {
  writeFileSync(join(folder, "mistake.ts"), 'import { encrypt } from "@/lib/vault/crypto";\nencrypt(1);\n');
  expect(check({ types: ["node"] }, ["mistake.ts"])).toMatch(/^\S*mistake\.ts\(2,9\): error TS2345/);
  rmSync(join(folder, "mistake.ts"));
});
