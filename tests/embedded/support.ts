import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import type { EmbeddedOptions } from "../../scripts/embedded/server.ts";
import { copyCluster } from "../support/cluster.ts";

export const ROOT = join(import.meta.dirname, "../..");

/** Keys in the form that Supabase gives them; nothing depends on their value. */
export const KEYS = {
  publishableKey: "sb_publishable_0000000000000000000000_00000000",
  secretKey: "sb_secret_0000000000000000000000_00000000",
  jwtSecret: "a-secret-for-tests-that-is-long-enough-for-hs256",
  siteUrl: "http://localhost:3000",
};

export const NOTES = `
  create table public.notes (
    id bigint generated always as identity primary key,
    owner uuid not null default auth.uid() references auth.users (id) on delete cascade,
    body text not null check (length(body) < 100)
  );
  alter table public.notes enable row level security;
  revoke all on table public.notes from public, anon, authenticated, service_role;
  grant select, insert on table public.notes to authenticated;
  grant select, insert, update, delete on table public.notes to service_role;
  create policy "own notes" on public.notes for all to authenticated
    using (owner = (select auth.uid())) with check (owner = (select auth.uid()));
`;

/** A folder that is gone after the file's tests; for use outside of a test. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "command-center-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A folder that is gone when the test ends. */
export function testFolder(): string {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  return path;
}

/** Writes `files` (name to SQL) into the migrations folder beside the data, replacing what was there. */
export function writeMigrations(base: string, files: Record<string, string>): string {
  const folder = join(base, "migrations");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql);
  return folder;
}

/** Options for an embedded Supabase in `base`, on any free port. It has no database yet. */
export function optionsIn(base: string, files: Record<string, string> = {}): EmbeddedOptions {
  return { ...KEYS, dataDir: join(base, "data"), port: 0, migrationsDir: writeMigrations(base, files) };
}

/** As {@link optionsIn}, with a new database that PostgreSQL doesn't have to make first. */
export async function optionsWithCluster(
  base: string,
  files: Record<string, string> = {},
): Promise<EmbeddedOptions> {
  const options = optionsIn(base, files);
  await copyCluster(options.dataDir);
  return options;
}

/** Runs a script of this folder as a process of its own, with V8's flags of this one; killed with the test at the latest. */
export function runScript(script: string, ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, script), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => kill(child));
  return child;
}

/** Kills a process with SIGKILL and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** The lines a process prints, as they come. */
export function linesOf(child: ChildProcess): AsyncIterableIterator<string> {
  if (!child.stdout) throw new Error("The process has no piped output.");
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}
