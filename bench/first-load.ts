/**
 * `npm run bench:first-load`: how much JavaScript the dashboard's first load takes, gzip-compressed, above an
 * empty page that is built with the same Next, and what takes it.
 */
import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const ROOT = resolve(import.meta.dirname, "..");
const BUDGET = 57_800;

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1).padStart(6)} kB`;
const sum = (sizes: Iterable<number>) => [...sizes].reduce((total, size) => total + size, 0);

/** The first load's files of one route, with their compressed sizes in bytes. */
function firstLoad(project: string, route: string): Map<string, number> {
  const stats = JSON.parse(readFileSync(join(project, ".next/diagnostics/route-bundle-stats.json"), "utf8"));
  const { firstLoadChunkPaths } = stats.find((entry: { route: string }) => entry.route === route);
  return new Map(
    firstLoadChunkPaths.map((path: string) => {
      const file = join(project, path);
      return [file, gzipSync(readFileSync(file), { level: 9 }).length];
    }),
  );
}

function build(project: string): void {
  execFileSync(process.execPath, [join(ROOT, "node_modules/next/dist/bin/next"), "build"], {
    cwd: project,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", BROWSER_SOURCE_MAPS: "on" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Builds a page that shows one word. It lies below the project, so that it finds the same packages. */
function buildEmptyPage(): string {
  const project = join(ROOT, ".data/empty-page");
  rmSync(project, { recursive: true, force: true });
  mkdirSync(join(project, "app"), { recursive: true });
  const files = {
    "package.json": JSON.stringify({ private: true }),
    "next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(ROOT)} } };`,
    "app/layout.jsx":
      "export default function Layout({ children }) { return <html><body>{children}</body></html>; }",
    "app/page.jsx": "export default function Page() { return <p>Empty</p>; }",
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(project, name), content);
  build(project);
  return project;
}

/** The package that a source file belongs to, or our own folder. */
function ownerOf(source: string): string {
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source);
  return inPackage?.[1] ?? /\/((?:app|components|lib)(?:\/[^/]+(?=\/))?)/.exec(source)?.[1] ?? "runtime";
}

/** Shares a file's compressed size among what its source map says its characters come from. */
function shareOut(file: string, size: number, shares: Map<string, number>): void {
  const code = readFileSync(file, "utf8");
  const name = /sourceMappingURL=(\S+)/.exec(code)?.[1];
  if (!name) return void shares.set("runtime", (shares.get("runtime") ?? 0) + size);
  const map = new SourceMap(JSON.parse(readFileSync(join(file, "..", name), "utf8")));
  for (const [line, text] of code.split("\n").entries()) {
    for (let column = 0; column < text.length; column += 8) {
      const entry = map.findEntry(line, column);
      const owner =
        "originalSource" in entry && entry.originalSource ? ownerOf(entry.originalSource) : "runtime";
      shares.set(owner, (shares.get(owner) ?? 0) + (8 * size) / code.length);
    }
  }
}

build(ROOT);
const dashboard = firstLoad(ROOT, "/dashboard");
const empty = sum(firstLoad(buildEmptyPage(), "/").values());
const shares = new Map<string, number>();
for (const [file, size] of dashboard) shareOut(file, size, shares);
// The build stays, to be started; its source maps are for this only.
for (const map of globSync(join(ROOT, ".next/static/**/*.map"))) rmSync(map);
for (const [owner, size] of [...shares].sort(([, a], [, b]) => b - a)) {
  if (size >= 500) console.log(`${kB(size)}  ${owner}`);
}
const total = sum(dashboard.values());
console.log(
  `\nDashboard ${kB(total)}, empty page ${kB(empty)}, above it ${kB(total - empty)} of ${kB(BUDGET)}.`,
);
if (total - empty > BUDGET) process.exitCode = 1;
