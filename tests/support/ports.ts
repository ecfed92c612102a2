// Where the browser tests run everything; unlike the defaults, so that a running app does not matter.
export const APP_PORT = 3107;
/** The same app on the same database, with the environment layer switched off. */
export const NO_PLATFORM_KEY_PORT = 3108;
export const SUPABASE_PORT = 54327;
export const ANTHROPIC_PORT = 3109;

export const APP_URL = `http://localhost:${APP_PORT}`;
export const NO_PLATFORM_KEY_URL = `http://localhost:${NO_PLATFORM_KEY_PORT}`;
export const SUPABASE_URL = `http://127.0.0.1:${SUPABASE_PORT}`;
export const ANTHROPIC_URL = `http://127.0.0.1:${ANTHROPIC_PORT}`;
