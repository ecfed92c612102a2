/**
 * `npm run lock:complete`, after adding or upgrading a dependency. Registries that mirror only some platforms
 * make npm write a lock file without the optional packages of the others, and `npm ci` then refuses it, on
 * every platform. This adds what is missing: name, version and platform, which is all that `npm ci` compares.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const FILE = "package-lock.json";
const OS = ["android", "darwin", "freebsd", "linux", "openbsd", "netbsd", "sunos", "win32", "aix"];
const CPU = [
  "arm64",
  "armv7",
  "arm",
  "ia32",
  "x64",
  "ppc64",
  "riscv64",
  "s390x",
  "loong64",
  "wasm32",
  "mips64el",
];

/** What the name of a platform's package says, e.g. `@scope/tool-linux-x64-musl`. */
function platformOf(name: string): Pick<LockedPackage, "os" | "cpu" | "libc"> {
  const words = name.split(/[-/]/);
  const os = OS.find((candidate) => words.includes(candidate));
  const cpu = CPU.find((candidate) => words.includes(candidate));
  const libc = ["musl", "musleabihf"].some((word) => words.includes(word))
    ? "musl"
    : ["gnu", "gnueabihf"].some((word) => words.includes(word))
      ? "glibc"
      : undefined;
  return {
    ...(cpu && cpu !== "wasm32" && { cpu: [cpu === "armv7" ? "arm" : cpu] }),
    ...(os && { os: [os] }),
    ...(libc && { libc: [libc] }),
  };
}

const lock: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync(FILE, "utf8"));
let added = 0;
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const nested = `${path}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (lock.packages[nested] || lock.packages[hoisted]) continue;
    // A range would need the registry that does not have it.
    if (!/^\d+\.\d+\.\d+/.test(version)) continue;
    lock.packages[hoisted] = { version, ...(dev && { dev }), optional: true, ...platformOf(name) };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`Added ${added} packages of other platforms to ${FILE}.`);
