/** A master key for tests, and one that differs. Neither was ever used for anything real. */
export const TEST_MASTER_KEY = "0123456789abcdef".repeat(4);
export const OTHER_MASTER_KEY = "fedcba9876543210".repeat(4);
