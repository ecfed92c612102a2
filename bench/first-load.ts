/**
 * `npm run bench:first-load`: how much JavaScript the dashboard's first load takes, gzip-compressed, above an
 * empty page that is built with the same Next, and which of our dependencies take it. Run `npm run build`
 * first.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const ROOT = resolve(import.meta.dirname, "..");
const BUDGET = 60_000;

/** The first load's files of one route, with their compressed sizes in bytes. */
function firstLoad(project: string, route: string): Map<string, number> {
  const stats = JSON.parse(readFileSync(join(project, ".next/diagnostics/route-bundle-stats.json"), "utf8"));
  const { firstLoadChunkPaths } = stats.find((entry: { route: string }) => entry.route === route);
  return new Map(
    firstLoadChunkPaths.map((path: string) => [
      path,
      gzipSync(readFileSync(join(project, path)), { level: 9 }).length,
    ]),
  );
}

const sum = (sizes: Map<string, number>) => [...sizes.values()].reduce((total, size) => total + size, 0);

/** Builds a page that shows one word. It lies below the project, so that it finds the same packages. */
function buildEmptyPage(): string {
  const project = join(ROOT, ".data/empty-page");
  rmSync(project, { recursive: true, force: true });
  mkdirSync(join(project, "app"), { recursive: true });
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true }));
  writeFileSync(
    join(project, "next.config.mjs"),
    `export default { turbopack: { root: ${JSON.stringify(ROOT)} } };`,
  );
  writeFileSync(
    join(project, "app/layout.jsx"),
    "export default function Layout({ children }) { return <html><body>{children}</body></html>; }",
  );
  writeFileSync(join(project, "app/page.jsx"), "export default function Page() { return <p>Empty</p>; }");
  execFileSync(process.execPath, [join(ROOT, "node_modules/next/dist/bin/next"), "build"], {
    cwd: project,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return project;
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
const dashboard = firstLoad(ROOT, "/dashboard");
const empty = firstLoad(buildEmptyPage(), "/");
const above = sum(dashboard) - sum(empty);
for (const [path, size] of [...dashboard].sort(([, a], [, b]) => b - a))
  console.log(`${kB(size).padStart(9)}  ${path}`);
console.log(
  `\nDashboard ${kB(sum(dashboard))}, empty page ${kB(sum(empty))}, above it ${kB(above)} of ${kB(BUDGET)}.`,
);
if (above > BUDGET) process.exitCode = 1;
