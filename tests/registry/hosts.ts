import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";

export const PROJECT = resolve(import.meta.dirname, "../..");
/** Inside the project, so that files can be linked and need not be copied; git ignores it. */
export const WORK = join(PROJECT, ".data/registry");

/** An app that the vault is installed into. */
export interface Host {
  name: string;
  /** The folder of its app, below its own: "" or "apps/web". */
  app: string;
  /** How its imports begin. */
  alias: "@" | "~";
  /** Where its sources are, below its app: "" or "src/". */
  sources: string;
  /** What its teams are: tables of its own, or basejump's accounts. */
  teams?: "team_members" | "accounts";
  /** Whether it has migrations that are newer than the vault's, and had an older vault before. */
  isUpdated: boolean;
  /** Whether its middleware sends every stranger to its sign-in page. */
  redirects: boolean;
  /** The browser tests that run there, below `tests/`. */
  tests: string[];
}

// What a browser does is the same in each, so that the vault's own tests run once: where Next, React, and Tailwind are not
// those of this project, whose tests run them everywhere else.
const INSTALLED = ["registry/{installed,teams,dialogs}.spec.ts"];
export const HOSTS: Host[] = [
  { name: "flat", app: "", alias: "@", sources: "", isUpdated: false, redirects: false, tests: INSTALLED },
  {
    name: "workspace",
    app: "apps/web",
    alias: "~",
    sources: "src/",
    teams: "team_members",
    isUpdated: true,
    redirects: false,
    tests: INSTALLED,
  },
  {
    name: "next15",
    app: "",
    alias: "@",
    sources: "",
    teams: "accounts",
    isUpdated: false,
    redirects: true,
    tests: [...INSTALLED, "registry/redirected.spec.ts", "e2e/vault.spec.ts"],
  },
];

/**
 * @throws Error if there is none
 */
export function hostNamed(name: string | undefined): Host {
  const host = HOSTS.find((host) => host.name === name);
  if (!host) throw new Error(`There is no host "${name}", only ${HOSTS.map(({ name }) => name).join(", ")}.`);
  return host;
}

export const folderOf = ({ name }: Host) => join(WORK, name);
export const appOf = (host: Host) => join(folderOf(host), host.app);
export const skeletonOf = ({ name }: Host) => join(import.meta.dirname, "hosts", name);
export const migrationsOf = (host: Host) => join(appOf(host), "supabase/migrations");

const NOT_SOURCES = ["node_modules", ".git", ".next", "next-env.d.ts", "tsconfig.tsbuildinfo"];

/** The paths of an app's files, without what is installed or built. */
export function listFiles(folder: string, below = folder): string[] {
  return readdirSync(below, { withFileTypes: true })
    .filter(({ name }) => !NOT_SOURCES.includes(name))
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? listFiles(folder, path) : [relative(folder, path)];
    });
}
