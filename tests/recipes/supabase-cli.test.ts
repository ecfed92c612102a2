import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ENGINES } from "../database/postgres-server.ts";
import { readMigrations } from "../support/bare-postgres.ts";
import { startManagementStandIn } from "./management-standin.ts";
import packageFile from "./package.json" with { type: "json" };

// The commands of the Supabase CLI in the docs, by the CLI itself. Its program for Linux on x64 is what is installed here;
// elsewhere only the version in the docs is checked.

const ROOT = join(import.meta.dirname, "../..");
const BINARY = join(import.meta.dirname, "node_modules/@supabase/cli-linux-x64/bin/supabase");
const VERSION = packageFile.optionalDependencies["@supabase/cli-linux-x64"];
const REF = "abcdefghijklmnopqrst";

const HAS_CLI = existsSync(BINARY);
if (!HAS_CLI)
  process.stderr.write("! The Supabase CLI isn't installed here: the docs' commands aren't run.\n");

const home = mkdtempSync(join(tmpdir(), "supabase-cli-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs the CLI in the project's folder. */
function supabase(...args: string[]): Promise<{ status: number; output: string }> {
  const env = {
    ...{ PATH: process.env.PATH, HOME: home, NO_COLOR: "1", DO_NOT_TRACK: "1" },
    ...{ SUPABASE_TELEMETRY_DISABLED: "1", SUPABASE_ACCESS_TOKEN: `sbp_${"0".repeat(40)}` },
  };
  return new Promise((resolve) => {
    execFile(BINARY, args, { cwd: ROOT, env }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

/** All commands in the docs, without `npx supabase`. */
const COMMANDS = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)]
  .filter((file) => file.endsWith(".md"))
  .flatMap((file) =>
    [...readFileSync(join(ROOT, file), "utf8").matchAll(/npx supabase(\S*)((?: [\w.=<>-]+)*)/g)].map(
      ([, version = "", words = ""]) => ({ file, version, words: words.trim().split(" ") }),
    ),
  );

describe("the docs", () => {
  test("run the version that is tested here, and it alone", () => {
    expect(COMMANDS.length).toBeGreaterThan(5);
    for (const { file, version } of COMMANDS) {
      expect(version, file).toBe(`@${VERSION}`);
    }
  });

  test.runIf(HAS_CLI)(
    "have only commands and options that there are, and never mean a local database",
    async () => {
      const lines = new Set(COMMANDS.map(({ words }) => words.join(" ")));
      for (const line of lines) {
        const words = line.split(" ");
        const options = words.filter((word) => word.startsWith("--"));
        const end = words.findIndex((word) => word.startsWith("--"));
        const { output } = await supabase(...words.slice(0, end < 0 ? undefined : end), "--help");
        expect(output, line).toContain(`supabase ${words[0]}`);
        for (const option of options) expect(output, line).toContain(`\n  ${option.split("=", 1)[0]}`);
        if (output.includes("Local by default")) expect(options, line).toContain("--remote");
      }
    },
  );
});

const SERVERS = ENGINES.filter(({ engine }) => engine !== "PGlite");

describe.runIf(HAS_CLI).each(SERVERS)("on $engine", ({ open }) => {
  test("db push applies every migration once, and migration list has all of them on both sides", async () => {
    const database = await open({ migrations: [] });
    try {
      const target = `--remote=${database.url}`;
      const first = await supabase("db", "push", "--yes", target);
      expect(first.output).toContain("Finished supabase db push.");
      expect(first.output).not.toMatch(/deprecated/i);
      const again = await supabase("db", "push", "--yes", target);
      expect(again.output).toContain("up to date");
      const { output } = await supabase("migration", "list", target);
      for (const { file } of readMigrations()) {
        const version = file.split("_", 1)[0];
        expect(output.replaceAll("`", "")).toMatch(new RegExp(`${version} *\\| ${version} `));
      }
    } finally {
      await database.close();
    }
  });
});

describe.runIf(HAS_CLI).each(SERVERS)("on $engine, in another app", ({ open }) => {
  test("db push refuses the vault's migration where the app has a newer one, as docs/install.md says", async () => {
    const database = await open({ migrations: [] });
    const app = mkdtempSync(join(home, "app-"));
    try {
      const push = () => supabase("--workdir", app, "db", "push", "--yes", `--remote=${database.url}`);
      const migrations = join(app, "supabase/migrations");
      mkdirSync(migrations, { recursive: true });
      writeFileSync(join(migrations, "20260306000000_other.sql"), "create table public.other ();");
      expect((await push()).output).toContain("Finished supabase db push.");
      const [vault] = readMigrations();
      writeFileSync(join(migrations, vault?.file ?? ""), vault?.sql ?? "");
      const refused = await push();
      expect(refused.status).toBe(1);
      expect(refused.output).toContain("--include-all");
    } finally {
      await database.close();
    }
  });
});

test.runIf(HAS_CLI)(
  "config push leaves a project's addresses, confirmation, and sign-up alone, and sets what the app needs",
  async () => {
    const api = await startManagementStandIn({
      // A project in production, with what someone has chosen for it.
      auth: {
        site_url: "https://vault.example.com",
        uri_allow_list: "https://vault.example.com/auth/confirm",
        ...{ disable_signup: true, mailer_autoconfirm: false, external_email_enabled: true, jwt_exp: 7_200 },
        ...{ mailer_secure_email_change_enabled: false, password_min_length: 6, mailer_otp_exp: 86_400 },
        ...{ mfa_totp_enroll_enabled: false, mfa_totp_verify_enabled: false },
      },
      api: {
        db_schema: "public,graphql_public,other",
        max_rows: 5_000,
        db_extra_search_path: "public,extensions",
      },
      database: { major_version: 17 },
    });
    try {
      const profile = join(home, "profile.yaml");
      writeFileSync(
        profile,
        `name: test\napi_url: ${api.url}\ndashboard_url: ${api.url}\nproject_host: 127.0.0.1\n`,
      );
      const { output } = await supabase("--profile", profile, "config", "push", "--yes", `--remote=${REF}`);
      expect([...api.changes.keys()], output).toEqual(["auth"]);
      const { auth = {} } = Object.fromEntries(api.changes);
      const { mailer_templates_recovery_content: recovery, ...rest } = auth;
      expect(recovery).toContain("{{ .TokenHash }}");
      const settings = Object.entries(rest).filter(([name]) => !/^mailer_(subjects|templates)_/.test(name));
      expect(Object.fromEntries(settings)).toEqual({
        ...{ password_min_length: 10, mailer_otp_exp: 3_600, mailer_secure_email_change_enabled: true },
        ...{ mfa_totp_enroll_enabled: true, mfa_totp_verify_enabled: true },
      });
    } finally {
      await api.close();
    }
  },
);
