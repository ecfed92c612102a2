/** The part of a PGlite database that is wrapped here. */
interface Database {
  query: (sql: string, parameters?: unknown[], ...more: never[]) => Promise<unknown>;
  exec: (sql: string, ...more: never[]) => Promise<unknown>;
}

interface Setting {
  name: string;
  value: unknown;
}

/** What Lite writes before each request's statement: who asks, with which headers, and so on. */
const SETTING = /^\s*SELECT set_config\('([\w.]+)', (?:\$1|''), true\)\s*$/i;

/**
 * Sends the settings of a transaction in one statement, before the one that they are for. Lite sends ten of them one by
 * one with every request, which takes PGlite longer than the request itself.
 *
 * @param driver the PGlite instance, whose requests come one after another; its `query` and `exec` are wrapped in place
 */
export function joinSettings(driver: Database): void {
  const query = driver.query.bind(driver);
  const exec = driver.exec.bind(driver);
  let waiting: Setting[] = [];

  async function send(next: string): Promise<void> {
    const settings = waiting;
    waiting = [];
    // They end with their transaction.
    if (settings.length === 0 || /^\s*(BEGIN|ROLLBACK)\b/i.test(next)) return;
    const calls = settings.map(({ name }, index) => `set_config('${name}', $${index + 1}, true)`);
    await query(
      `SELECT ${calls.join(", ")}`,
      settings.map(({ value }) => value),
    );
  }

  driver.query = async (sql, parameters = [], ...more) => {
    const name = SETTING.exec(sql)?.[1];
    if (name !== undefined) {
      const value = parameters.length > 0 ? parameters[0] : "";
      waiting.push({ name, value });
      return { rows: [{ set_config: value }], fields: [], affectedRows: 0 };
    }
    await send(sql);
    return query(sql, parameters, ...more);
  };
  driver.exec = async (sql, ...more) => {
    await send(sql);
    return exec(sql, ...more);
  };
}
