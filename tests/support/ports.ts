// Where the browser tests run everything; unlike the app's own ports, so that a running app does not matter.
// TEST_PORT_BASE moves them all, for two runs on one machine.
// Tests that start servers of their own (tests/faults) have others in each of Playwright's workers.
const WORKER = process.env.TEST_PORTS_PER_WORKER ? Number(process.env.TEST_PARALLEL_INDEX ?? 0) : 0;
const BASE =
  Number(process.env.TEST_PORT_BASE || 3107) + WORKER * Number(process.env.TEST_PORTS_PER_WORKER ?? 0);

export const APP_PORT = BASE;
/** The same app on the same database as hosted Supabase would be, and the environment layer switched off. */
export const NO_PLATFORM_KEY_PORT = BASE + 1;
export const ANTHROPIC_PORT = BASE + 2;
export const SUPABASE_PORT = BASE + 3;
/** What stands between an app and Supabase: faults in tests of those, what a hosted project does otherwise elsewhere. */
export const PROXY_PORT = BASE + 4;
/** Where Node's inspector of the app and of the database listens, in tests that measure them. */
export const APP_INSPECTOR_PORT = BASE + 5;
export const SUPABASE_INSPECTOR_PORT = BASE + 6;
/** The stand-in for OpenAI. */
export const OPENAI_PORT = BASE + 7;

export const APP_URL = `http://localhost:${APP_PORT}`;
export const NO_PLATFORM_KEY_URL = `http://localhost:${NO_PLATFORM_KEY_PORT}`;
export const SUPABASE_URL = `http://127.0.0.1:${SUPABASE_PORT}`;
export const ANTHROPIC_URL = `http://127.0.0.1:${ANTHROPIC_PORT}`;
export const OPENAI_URL = `http://127.0.0.1:${OPENAI_PORT}/v1`;
export const PROXY_URL = `http://127.0.0.1:${PROXY_PORT}`;
