import tests from "../../playwright.config";

/** The browser tests of an outage. Nothing runs beside them, because the backend fails for everybody. */
export default { ...tests, testDir: ".", testMatch: "*.spec.ts", workers: 1 };
