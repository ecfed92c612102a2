import { firefoxPath } from "./firefox";

/** Ends the run before its first test where there is no Firefox. */
export default function requireFirefox(): void {
  if (!firefoxPath())
    throw new Error(
      "There is no Firefox here. Run `apt-get install firefox-esr`, or set FIREFOX_PATH to yours.",
    );
}
