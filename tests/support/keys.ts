// None of these was ever used for anything real.

export const TEST_MASTER_KEY = "0123456789abcdef".repeat(4);
export const OTHER_MASTER_KEY = "fedcba9876543210".repeat(4);

export const TEST_PUBLISHABLE_KEY = "sb_publishable_test-not-real-0000000000";
export const TEST_SECRET_KEY = "sb_secret_test-not-real-00000000000000000";
export const TEST_JWT_SECRET = "test-jwt-secret-not-real-".repeat(2);
export const PLATFORM_KEY = "sk-ant-test-platform-not-real-000000000000";

/** A legacy API key of Supabase with these claims, which nobody has signed. */
export const legacyKey = (claims: object) =>
  ["eyJhbGciOiJIUzI1NiJ9", Buffer.from(JSON.stringify(claims)).toString("base64url"), "NOT-SIGNED"].join(".");
