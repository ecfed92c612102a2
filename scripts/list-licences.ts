/**
 * `npm run licences`: writes docs/licences.md, the licenses of everything that `npm ci --omit=dev` may install, according
 * to the lock file. A test compares the two, so that a new dependency's license is seen before it's used.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockedPackage {
  version?: string;
  license?: string;
  dev?: boolean;
  optionalDependencies?: Record<string, string>;
}

const FILE = "docs/licences.md";

/**
 * The content of docs/licences.md.
 *
 * @param packages the member `packages` of a package-lock.json, version 3
 */
export function listLicences(packages: Record<string, LockedPackage>): string {
  const byLicence = new Map<string, string[]>();
  for (const [path, { dev, version, license }] of Object.entries(packages)) {
    if (path === "" || dev) continue;
    const name = path.replace(/^.*node_modules\//, "");
    const licence = license ?? licenceOfParent(packages, name);
    byLicence.set(licence, [...(byLicence.get(licence) ?? []), `${name} ${version}`]);
  }
  const sections = [...byLicence]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([licence, names]) => `## ${licence}\n\n${[...new Set(names)].sort().join(",\n")}`);
  return `# Licenses of what a deployment runs

Written by \`npm run licences\` from the lock file: everything that \`npm ci --omit=dev\` may install, on any platform.

${sections.join("\n\n")}
`;
}

/** A build for one platform is a part of the package that asks for it, and may have no license of its own there. */
function licenceOfParent(packages: Record<string, LockedPackage>, name: string): string {
  const parent = Object.values(packages).find(
    ({ optionalDependencies = {} }) => name in optionalDependencies,
  );
  return parent?.license ?? "Unknown";
}

if (import.meta.main) {
  writeFileSync(FILE, listLicences(JSON.parse(readFileSync("package-lock.json", "utf8")).packages));
}
