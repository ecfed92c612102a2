import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fileOfImport, findCircle, importsIn, importsOf } from "../support/imports";

// Which folder may import which, as the picture in docs/architecture.md says it.

const FILES = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.ts", "*.tsx"], {
  encoding: "utf8",
})
  .trim()
  .split("\n")
  // Apps of their own, and what Next.js and the tests write.
  .filter(
    (path) => existsSync(path) && !/^(tests\/registry\/hosts|tests\/recipes\/blocks|next-env)/.test(path),
  );

/** Files of the installable parts that look up into the app. */
const HOSTS = ["lib/vault/host.ts", "lib/vault-usage/host.ts"];

/** Of each path in the picture: its line, and the name of what it is one with. */
function readPicture(): Map<string, { line: number; group: string }> {
  const [, picture = ""] = readFileSync("docs/architecture.md", "utf8").match(/```layers\n(.*?)\n```/s) ?? [];
  const found = new Map<string, { line: number; group: string }>();
  picture.split("\n").forEach((text, line) => {
    for (const group of text.split(/ {2,}/))
      for (const path of group.split(" + ")) found.set(path, { line, group });
  });
  return found;
}
const PICTURE = readPicture();

/** Where the picture has a file: by its own name, or by the nearest folder above it. */
function groupOf(path: string) {
  const parts = path.split("/");
  for (let length = parts.length; length > 0; length--) {
    const group = PICTURE.get(parts.slice(0, length).join("/"));
    if (group) return group;
  }
  return /^[^/]+\.config\.ts$/.test(path) ? PICTURE.get("*.config.ts") : undefined;
}

/** Whether one file may import the other. */
function mayImport(from: string, to: string): boolean {
  const [one, other] = [groupOf(from), groupOf(to)];
  if (!one || !other) return false;
  if (HOSTS.includes(from) && to.startsWith("lib/")) return true;
  return one.group === other.group || one.line < other.line;
}

const named = new Map(
  FILES.map((file) => [file, importsOf(file).flatMap((name) => fileOfImport(file, name) ?? [])]),
);

/** The imports of a made-up file that it may not have. */
const refused = (path: string, source: string) =>
  importsIn(source, path.endsWith("x") ? "tsx" : "ts").filter((name) => {
    const file = fileOfImport(path, name);
    return file !== undefined && !mayImport(path, file);
  });

describe("the picture of folders", () => {
  it("has every file", () => {
    expect(FILES.length).toBeGreaterThan(900);
    expect(FILES.filter((path) => !groupOf(path))).toEqual([]);
  });

  it("has nothing that isn't there", () => {
    expect([...PICTURE.keys()].filter((path) => path !== "*.config.ts" && !existsSync(path))).toEqual([]);
  });

  it("is what the code does: no file imports from a folder that its own may not know", () => {
    const wrong = [...named].flatMap(([from, to]) =>
      to.filter((path) => !mayImport(from, path)).map((path) => `${from} → ${path}`),
    );
    expect(wrong).toEqual([]);
  });
});

it("the map beside it names nothing that isn't there", () => {
  const text = readFileSync("docs/architecture.md", "utf8");
  const paths = [...text.matchAll(/`((?:\.?[\w-]+\/)+[\w.-]*|[\w-]+\.(?:json|ts))`/g)].map(
    ([, path = ""]) => path,
  );
  expect(paths.length).toBeGreaterThan(60);
  const own = [
    "words.ts",
    "errors.ts",
    "schema.ts",
    "types.ts",
    "host.ts",
    "shared/",
    ".data/dev",
    ".data/demo",
  ];
  expect(paths.filter((path) => !existsSync(path) && !own.includes(path))).toEqual([]);
});

describe("an import that isn't allowed is noticed", () => {
  it.each([
    ["static", 'import { env } from "@/lib/env";'],
    ["by a relative path", 'import { env } from "../env";'],
    ["with its ending", 'import { env } from "../env.ts";'],
    ["of a type", 'import type { Owner } from "../webhooks/schema";'],
    ["of a type, inside a type", 'export type Hook = import("../webhooks/schema").Webhook;'],
    ["dynamic", 'export const load = () => import("@/lib/webhooks/store");'],
    ["dynamic, in backticks", "export const load = () => import(`@/lib/webhooks/store`);"],
    ["for its effects", 'import "@/lib/webhooks/store";'],
    ["by exporting it again", 'export { env } from "@/lib/env";'],
    ["by exporting all of it", 'export * from "@/lib/env";'],
  ])("%s", (_, source) => {
    expect(refused("lib/vault/made-up.ts", source)).toHaveLength(1);
    expect(refused("lib/vault/host.ts", source)).toEqual([]);
  });

  it.each([
    ["the app, by a component", "components/teams/MadeUp.tsx", "@/app/login/flash"],
    ["a component, by lib", "lib/teams/made-up.ts", "@/components/shared/plural"],
    ["a feature, by one that it is built on", "lib/teams/made-up.ts", "../reveal/run"],
    ["another feature on its line", "lib/account/made-up.ts", "../operator/report"],
    ["a panel, by what panels share", "components/shared/MadeUp.tsx", "@/components/teams/TeamView"],
    ["the app, by a part that is installed", "components/vault/MadeUp.tsx", "@/components/shared/plural"],
    ["withKey, by the vault", "lib/vault/made-up.ts", "../vault-usage/money"],
    ["a script, by the app", "app/made-up.ts", "../scripts/embedded/ports"],
    ["tests, by a script", "scripts/made-up.ts", "../tests/e2e/fixtures"],
    ["a suite, by what suites share", "tests/support/made-up.ts", "../e2e/fixtures"],
  ])("of %s", (_, from, specifier) => {
    expect(fileOfImport(from, specifier)).toBeDefined();
    expect(refused(from, `import { something } from "${specifier}";`)).toEqual([specifier]);
  });

  it("but not one from a line below, or from its own folder", () => {
    expect(refused("lib/teams/made-up.ts", 'import { env } from "../env"; import "./teams";')).toEqual([]);
    expect(refused("lib/teams/made-up.ts", 'import { z } from "zod"; import "node:fs";')).toEqual([]);
  });
});

// Biome's noImportCycles looks past `import("…")` in a type and in backticks.
describe("no file imports itself by way of others", () => {
  it("in the project", () => {
    expect(findCircle(named)).toBeNull();
  });

  // Their `host.ts` is that app's own code, and calls what it was installed with.
  it("in an app that has installed the vault and withKey", () => {
    const { items } = JSON.parse(readFileSync("registry.json", "utf8")) as {
      items: { files: { path: string; target: string }[] }[];
    };
    const shipped = new Map(
      items.flatMap(({ files }) =>
        files.flatMap(({ path, target }) =>
          /\.tsx?$/.test(path) ? [[target.replace(/^[@~]\/?/, ""), path] as const] : [],
        ),
      ),
    );
    const has = (place: unknown) => shipped.has(String(place));
    const imports = new Map(
      [...shipped].map(([place, path]) => [
        place,
        HOSTS.includes(place) ? [] : importsOf(path).flatMap((name) => fileOfImport(place, name, has) ?? []),
      ]),
    );
    expect([...imports.values()].flat().length).toBeGreaterThan(300);
    expect(findCircle(imports)).toBeNull();
  });

  it("and one would be noticed, whatever the kinds of its imports", () => {
    const sources = new Map([
      ["lib/a.ts", 'import type { B } from "./b";'],
      ["lib/b.ts", "export const load = () => import(`@/lib/c`);"],
      ["lib/c.tsx", 'export type A = import("./a").A;'],
    ]);
    const has = (path: unknown) => sources.has(String(path));
    const imports = new Map(
      [...sources].map(([path, source]) => [
        path,
        importsIn(source).flatMap((name) => fileOfImport(path, name, has) ?? []),
      ]),
    );
    expect(findCircle(imports)).toEqual(["lib/a.ts", "lib/b.ts", "lib/c.tsx", "lib/a.ts"]);
    expect(findCircle(new Map([...imports, ["lib/c.tsx", []]]))).toBeNull();
  });
});
