import tests from "../playwright.config";

/** `npm run bench:browser`: how long the panel takes in a real browser, printed and never a failure. */
export default { ...tests, testDir: ".", testMatch: "*.bench.ts", workers: 1 };
