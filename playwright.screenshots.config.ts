import tests from "./playwright.config";

/** `npm run screenshots`: the pictures in docs/images, from the real app with made-up keys. */
export default { ...tests, testDir: "tests/screenshots", workers: 1 };
