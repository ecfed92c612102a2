import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { listLicences } from "../../scripts/list-licences.ts";

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const manifest = readJson("package.json");
const { packages } = readJson("package-lock.json");
const asked: Record<string, string> = {
  ...manifest.dependencies,
  ...manifest.devDependencies,
  ...manifest.optionalDependencies,
};

/** A version as numbers that compare one after the other; a pre-release counts as older than any. */
const isAtLeast = (version: string, least: string) => {
  const [a, b] = [version, least].map((text) => (/^\d+\.\d+\.\d+$/.test(text) ? text : "0.0.0").split("."));
  const parts = [0, 1, 2].map((at) => Number(a?.[at]) - Number(b?.[at]));
  return (parts.find((difference) => difference !== 0) ?? 0) >= 0;
};

describe("the dependencies", () => {
  // Before these, Next and React had published holes through which a request ran code on the server.
  it.each([
    ["next", "16.4.5"],
    ["react", "19.3.1"],
    ["react-dom", "19.3.1"],
  ])("have %s at %s or later, everywhere that it is installed", (name, least) => {
    const places = Object.keys(packages).filter((path) => path.endsWith(`node_modules/${name}`));
    expect(places).not.toEqual([]);
    for (const place of places) {
      expect(isAtLeast(packages[place].version, least), `${place} ${packages[place].version}`).toBe(true);
      expect(isAtLeast(readJson(`${place}/package.json`).version, least), place).toBe(true);
    }
  });

  it("are pinned, and are what the lock file has", () => {
    for (const [name, range] of Object.entries(asked)) {
      // A package under another name has its own before the version.
      const version = range.replace(/^npm:[^@]+@/, "");
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
      expect(packages[`node_modules/${name}`].version, name).toBe(version);
    }
    const { dependencies, devDependencies, optionalDependencies } = packages[""];
    expect({ ...dependencies, ...devDependencies, ...optionalDependencies }).toEqual(asked);
  });

  it("run no code when they are installed", () => {
    expect(Object.keys(packages).filter((path) => packages[path].hasInstallScript)).toEqual([]);
    expect(manifest.allowScripts).toBeUndefined();
  });

  it("are listed in docs/dependencies.md, each with its reason", () => {
    const page = readFileSync("docs/dependencies.md", "utf8");
    const families = (name: string) => name.replace(/^@types\/.+/, "@types/*").replace(/^node-.+/, "node-*");
    const isListed = (name: string) => page.includes(`\`${families(name)}\``);
    expect(Object.keys(asked).filter((name) => !isListed(name))).toEqual([]);
  });
});

describe("the licences of what a deployment runs", () => {
  const written = readFileSync("docs/licences.md", "utf8");

  it("are those of docs/licences.md", () => {
    expect(listLicences(packages), "run `npm run licences`").toBe(written);
  });

  // LGPL is that of libvips, which Next's picture optimiser loads as a library of its own; nothing here uses it.
  it("ask for no more than to be named, but for a library that is loaded as it is", () => {
    const free = /^(MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|Unlicense|CC-BY-4\.0|LGPL-3\.0-or-later)$/;
    const licences = [...written.matchAll(/^## (.+)$/gm)].flatMap(([, licence = ""]) =>
      licence.split(" AND "),
    );
    expect(licences.length).toBeGreaterThan(5);
    expect(licences.filter((licence) => !free.test(licence))).toEqual([]);
  });
});
