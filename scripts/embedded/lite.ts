import "./telemetry-off.ts";
import { App, type Connection, type EmailDriver, ensureHistoryTable } from "@supabase/lite";
import { createPgliteConnection, PGlite, type PgliteConnection } from "@supabase/lite/pglite";
import type { SupabaseConfig } from "./config.ts";
import { joinSettings } from "./join-settings.ts";
import { watchForPanic } from "./panic.ts";
import { quietErrors } from "./quiet-errors.ts";
import { smallBuffers } from "./small-buffers.ts";

/** Keys and addresses of one embedded Supabase. */
export interface LiteSettings {
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
  /** Where people reach the app; scheme, host and port count. */
  siteUrl: string;
  /** Takes the mails to people; without one, Lite prints them. */
  email?: EmailDriver;
}

/** An open database with Supabase's services on it. */
export interface Supabase {
  app: App;
  connection: PgliteConnection;
  /** Whether the database has stopped itself; then it has to be opened again. */
  hasStopped: () => boolean;
}

/** The roles and schemas that hosted Supabase has before the first migration runs. */
export const FOUNDATION = `
  do $$ begin
    if to_regrole('anon') is null then create role anon nologin; end if;
    if to_regrole('authenticated') is null then create role authenticated nologin; end if;
    if to_regrole('service_role') is null then create role service_role nologin bypassrls; end if;
  end $$;
  create schema if not exists extensions;
  create schema if not exists auth;
  grant usage on schema public, auth, extensions to anon, authenticated, service_role;
`;

/**
 * Opens the PGlite database in `folder` (a missing folder becomes a new database) and brings the schemas
 * that Supabase itself owns up to date.
 *
 * @throws Error when the database cannot be opened or the auth schema cannot be created
 */
export async function openSupabase(
  folder: string,
  config: SupabaseConfig,
  settings: LiteSettings,
): Promise<Supabase> {
  const pgliteOptions = smallBuffers(PGlite.defaultStartParams);
  const connection = await createPgliteConnection({ url: folder, pgliteOptions });
  await connection.driver.waitReady;
  try {
    joinSettings(connection.driver);
    quietErrors(connection.driver);
    const hasStopped = watchForPanic(connection.driver);
    const app = appFor(connection, config, settings);
    await connection.driver.exec(FOUNDATION);
    await app.ensureSystemSchema();
    await ensureHistoryTable(connection);
    // Lite ignores statements of its own schema that fail, so look at the result.
    await connection.driver.query("select id from auth.users limit 0");
    return { app, connection, hasStopped };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Supabase's services on a connection that is open, with privileges as the migrations say. */
export function appFor(connection: Connection, config: SupabaseConfig, settings: LiteSettings): App {
  keepPrivileges(connection);
  return new App({
    connection,
    // A hosted project's default, which Lite doesn't have without the section.
    api: { max_rows: 1_000, ...config.api },
    auth: {
      ...config.auth,
      enabled: true,
      publishable_key: settings.publishableKey,
      secret_key: settings.secretKey,
      jwt_secret: settings.jwtSecret,
      // Templates append to this: no path, no slash.
      site_url: new URL(settings.siteUrl).origin,
    },
    storage: { enabled: false },
    studio: { enabled: false },
    options: {
      server: { admin: false, disableStudio: true },
      ...(settings.email && { drivers: { email: settings.email } }),
    },
  });
}

/**
 * Stops Lite from running GRANT ALL on every table for every role with the first request, which would undo
 * the column grants and revokes of the migrations. Privileges are then what the migrations say, as on
 * hosted Supabase.
 */
function keepPrivileges(connection: Connection): void {
  Object.assign(connection, { rlsState: "active" });
}
