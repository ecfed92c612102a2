import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { registrySchema } from "shadcn/schema";
import { describe, expect, it } from "vitest";
import { importsOf, nodesOf, placeOfImport, type SyntaxNode } from "../support/imports";

// What can be known of the registry's items without installing them; `npm run test:registry` does that.

const registry = registrySchema.parse(JSON.parse(readFileSync("registry.json", "utf8")));
const project = JSON.parse(readFileSync("package.json", "utf8"));

/** Where the CLI puts a file, below the place that the host's alias `@/` leads to. */
const placeOf = (target = "") => target.replace(/^[@~]\/?/, "");

/** What one item ships. */
function readItem(name: string) {
  const item = registry.items.find((each) => each.name === name);
  const files = item?.files ?? [];
  const shipped = new Map(files.map(({ path, target }) => [placeOf(target), path]));
  const sources = files.filter(({ path }) => /\.tsx?$/.test(path));
  const declared = item?.dependencies ?? [];
  return { name, item, files, shipped, sources, declared };
}
const vault = readItem("vault");
const usage = readItem("vault-usage");

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** What an item has to have, where it differs from what is here, and what its host has by then. */
const ITEMS = [
  {
    ...vault,
    all: [
      ...filesIn("lib/vault"),
      ...filesIn("components/vault"),
      "components/VaultManager.tsx",
      ...["route.ts", "check/route.ts", "import/route.ts"].map((name) => `app/api/vault/${name}`),
      "supabase/migrations/20260305_vault_secrets.sql",
      "supabase/migrations/20260315000000_vault_check.sql",
      "supabase/migrations/20260404000000_secret_details.sql",
      "supabase/migrations/20260406000000_vault_policies.sql",
    ],
    others: [["lib/vault/host.ts", "registry/host.ts"]],
    present: vault.shipped,
  },
  {
    ...usage,
    all: [
      ...filesIn("lib/vault-usage"),
      "lib/vault-usage/report.ts",
      "supabase/migrations/20260407000000_vault_usage.sql",
    ],
    others: [
      ["lib/vault-usage/host.ts", "registry/usage-host.ts"],
      ["lib/vault-usage/report.ts", "registry/usage-report.ts"],
      ["supabase/migrations/20260407000000_vault_usage.sql", "registry/vault_usage.sql"],
    ],
    present: new Map([...vault.shipped, ...usage.shipped]),
  },
];

const packageOf = (specifier: string) => specifier.match(/^(@[^/]+\/)?[^/]+/)?.[0] ?? specifier;

it("there are these items", () => {
  expect(registry.items.map(({ name }) => name)).toEqual(["vault", "vault-usage"]);
});

describe.each(ITEMS)(
  "the registry item $name",
  ({ item, files, shipped, sources, declared, ...expected }) => {
    it("names no other item: each form of a name works for one way of installing, and fails for the others", () => {
      expect(item?.registryDependencies ?? []).toEqual([]);
      expect(item?.devDependencies ?? []).toEqual([]);
    });

    it("has every file of its folders, and no other", () => {
      expect([...shipped.keys()].sort()).toEqual(expected.all.sort());
    });

    it("has each file as it is here, but for what knows the app around it", () => {
      expect([...shipped].filter(([place, path]) => place !== path)).toEqual(expected.others);
      expect(files.map(({ path }) => path).filter((path) => !existsSync(path))).toEqual([]);
    });

    it("puts files where the host's own aliases and folders are", () => {
      for (const { path, target = "" } of files) {
        if (path.endsWith(".sql")) expect(target).toMatch(/^~\/supabase\/migrations\//);
        else if (/^(lib|registry)\//.test(path)) expect(target).toMatch(/^@lib\/vault(-usage)?\//);
        else if (path.startsWith("components/")) expect(target).toBe(`@${path}`);
        else expect(target).toBe(path);
      }
    });

    it("has types that make the CLI lead imports to the host's alias, and keep comments", () => {
      for (const { path, type } of sources) {
        // The CLI drops a comment at the beginning of a file, except where it takes the file as it is.
        const isPlain = /^\s*\/[/*]/.test(readFileSync(path, "utf8"));
        if (isPlain) expect(importsOf(path).filter((specifier) => specifier.startsWith("@/"))).toEqual([]);
        const role = path.startsWith("app/") ? "page" : path.startsWith("components/") ? "component" : "lib";
        expect([path, type]).toEqual([path, isPlain ? "registry:file" : `registry:${role}`]);
      }
    });

    it("imports only what the host has then", () => {
      const wrong: string[] = [];
      for (const { path, target } of sources) {
        const place = placeOf(target);
        for (const specifier of importsOf(path)) {
          const imported = placeOfImport(place, specifier);
          const isThere = imported
            ? expected.present.has(`${imported}.ts`) || expected.present.has(`${imported}.tsx`)
            : /^node:/.test(specifier) || ["next", "react", ...declared].includes(packageOf(specifier));
          // Aliases may lead lib and components far apart.
          const isFar = specifier.startsWith(".") && imported?.split("/")[0] !== place.split("/")[0];
          if (!isThere || isFar) wrong.push(`${path}: ${specifier}`);
        }
      }
      expect(wrong).toEqual([]);
    });

    it("uses every package that it asks for", () => {
      const used = new Set(sources.flatMap(({ path }) => importsOf(path).map(packageOf)));
      expect(declared.filter((name) => !used.has(name))).toEqual([]);
    });

    // With a version, the CLI would install that one, and a host's own code might not work with it.
    it.each(declared)(
      "asks for %s by its name alone, so that an app keeps the version that it has",
      (name) => {
        expect(project.dependencies).toHaveProperty([name]);
      },
    );

    it("speaks of no product of ours", () => {
      const named = files.filter(({ path }) =>
        /Command Center|\bReveal\b|reveal_runs/.test(readFileSync(path, "utf8")),
      );
      expect(named.map(({ path }) => path)).toEqual([]);
      expect(JSON.stringify(item)).not.toMatch(/Command Center|\bReveal\b/);
    });
  },
);

it("all kinds of imports are found", () => {
  const found = ["./SecretDialog", "@/lib/vault/requests", "react"];
  expect(importsOf("components/vault/VaultDialogs.tsx")).toEqual(expect.arrayContaining(found));
});

describe("the vault's components", () => {
  const { item, sources } = vault;

  it("uses no color that a host's theme may lack, and writes nothing into its style sheet", () => {
    expect(item).not.toHaveProperty("cssVars");
    expect(item).not.toHaveProperty("css");
    const text = sources.map(({ path }) => readFileSync(path, "utf8")).join("\n");
    const utility = /\b(?:bg|text|border|ring|accent)-([a-z]+(?:-[a-z]+)*)/g;
    const names = new Set([...text.matchAll(utility)].map(([, name = ""]) => name));
    const theme = readFileSync("tests/registry/hosts/flat/app/globals.css", "utf8");
    const own = readFileSync("app/globals.css", "utf8");
    const isColor = (name: string) => own.includes(`--color-${name}:`);
    expect([...names].filter((name) => isColor(name) && !theme.includes(`--color-${name}:`))).toEqual([]);
  });

  it("takes from an app what it may set of the vault's own colors", () => {
    const own = readFileSync("app/globals.css", "utf8");
    const set = [...own.matchAll(/^\s*(--vault-[\w-]+):/gm)].map(([, name = ""]) => name);
    const used = readFileSync("components/vault/ui/colors.ts", "utf8").match(/--vault-[\w-]+/g) ?? [];
    expect(used.sort()).toEqual(set.sort());
  });

  it("passes asChild to nothing, which the CLI rewrites to `render` for apps whose style is built on Base UI", () => {
    const rewritten = sources.filter(({ path }) =>
      nodesOf(path).some(
        ({ type, name }) => type === "JSXAttribute" && (name as SyntaxNode).name === "asChild",
      ),
    );
    expect(rewritten).toEqual([]);
  });

  it("announces in <output>, which the recommended rules of Biome 2.4 require in place of role=status", () => {
    const roles = sources.filter(({ path }) => readFileSync(path, "utf8").includes('role="status"'));
    expect(roles).toEqual([]);
  });

  it("keeps the spaces of its texts: Next.js 16.2 drops those at the edges of one that has an entity", () => {
    const losing = sources.flatMap(({ path }) =>
      nodesOf(path).flatMap(({ type, raw = "" }) =>
        type === "JSXText" && /&#?\w+;/.test(raw) && /^ +\S|\S +$/.test(raw)
          ? [`${path}: ${raw.trim()}`]
          : [],
      ),
    );
    expect(losing).toEqual([]);
  });
});

/** The names of environment variables that sources read. */
function variablesOf(paths: readonly string[]): string[] {
  const read = paths.flatMap((path) => {
    const text = readFileSync(path, "utf8");
    const direct = [...text.matchAll(/const \{ (\w+)[^}]* \} = process\.env/g)];
    const byName = path.startsWith("registry/")
      ? [...text.matchAll(/"(\w*SUPABASE_\w+|PLATFORM_\w+)"/g)]
      : [];
    return [...direct, ...byName].map(([, name = ""]) => name);
  });
  return [...new Set(read)];
}

describe.each([
  { page: "docs/install.md", ...vault, some: ["VAULT_MASTER_KEY", "SUPABASE_SECRET_KEY"], steps: 5 },
  { page: "docs/with-key.md", ...usage, some: ["PLATFORM_DAILY_USD", "PLATFORM_DAILY_CALLS"], steps: 4 },
])("$page", ({ page, sources, some, steps }) => {
  const docs = readFileSync(page, "utf8");

  it("has its steps, and says of each how one sees that it worked", () => {
    const found = docs.split(/^### (?=\d\. )/m).slice(1);
    expect(found.map((step) => step[0])).toEqual(Array.from({ length: steps }, (_, at) => String(at + 1)));
    for (const step of found) expect(step.split("**You see that it worked:**")).toHaveLength(2);
  });

  it("explains every environment variable that its item reads", () => {
    const names = variablesOf(sources.map(({ path }) => path));
    expect(names).toEqual(expect.arrayContaining(some));
    expect(names.filter((name) => !docs.includes(`\`${name}\``) && !docs.includes(`\n${name}=`))).toEqual([]);
  });

  it("uses the CLI that the tests use", () => {
    const versions = new Set([...docs.matchAll(/shadcn@([\d.]+)/g)].map(([, version]) => version));
    expect([...versions]).toEqual([project.devDependencies.shadcn]);
  });
});

it.each(["flat", "workspace/apps/web"])(
  "the test's host %s has the versions that are installed here",
  (name) => {
    const host = JSON.parse(readFileSync(`tests/registry/hosts/${name}/package.json`, "utf8"));
    const here = { ...project.dependencies, ...project.devDependencies };
    for (const [dependency, version] of Object.entries({ ...host.dependencies, ...host.devDependencies })) {
      expect([dependency, version]).toEqual([dependency, here[dependency]]);
    }
  },
);

it("the test's host next15 has what older templates come with, of other majors than here", () => {
  const host = JSON.parse(readFileSync("tests/registry/hosts/next15/package.json", "utf8"));
  const versions = { ...host.dependencies, ...host.devDependencies };
  const majors = ["next", "tailwindcss", "typescript", "zod"].map((name) => versions[name].split(".")[0]);
  expect(majors).toEqual(["15", "3", "5", "3"]);
});
