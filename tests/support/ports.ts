// Where the browser tests run everything; unlike the app's own ports, so that a running app does not matter.
// TEST_PORT_BASE moves them all, for two runs on one machine.
const BASE = Number(process.env.TEST_PORT_BASE || 3107);

export const APP_PORT = BASE;
/** The same app on the same database, with the environment layer switched off. */
export const NO_PLATFORM_KEY_PORT = BASE + 1;
export const ANTHROPIC_PORT = BASE + 2;
export const SUPABASE_PORT = BASE + 3;

export const APP_URL = `http://localhost:${APP_PORT}`;
export const NO_PLATFORM_KEY_URL = `http://localhost:${NO_PLATFORM_KEY_PORT}`;
export const SUPABASE_URL = `http://127.0.0.1:${SUPABASE_PORT}`;
export const ANTHROPIC_URL = `http://127.0.0.1:${ANTHROPIC_PORT}`;
