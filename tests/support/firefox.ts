import { existsSync } from "node:fs";
import { firefox } from "@playwright/test";

/** The parts of Playwright's inside that are used here. They are not public: a new version may name them otherwise. */
interface Message {
  id: number;
  method: string;
  params: { functionDeclaration?: string; arguments?: { value?: unknown }[]; target?: { sandbox?: string } };
}
interface Transport {
  send(message: Message): void;
  onmessage?(message: object): void;
}
interface Inside {
  _connection: {
    toImpl(browserType: object): {
      _bidiFirefox: { connectToTransport(transport: Transport, options: object): Promise<unknown> };
    };
  };
}

const INSTALLED = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/snap/bin/firefox",
  "/opt/firefox/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/** What Firefox 140 does not know, and these tests do without. Only Chromium has a permission to copy. */
const UNKNOWN = new Set([
  "browser.setDownloadBehavior",
  "emulation.setLocaleOverride",
  "emulation.setMediaFeaturesOverride",
  "emulation.setScreenOrientationOverride",
  "emulation.setScreenSettingsOverride",
  "network.addDataCollector",
  "permissions.setPermission",
]);

const EVALUATE = "(utilityScript, ...args) => utilityScript.evaluate(...args)";

/** Where Firefox is: `FIREFOX_PATH`, or one of the usual places; undefined where there is none. */
export function firefoxPath(): string | undefined {
  const { FIREFOX_PATH } = process.env;
  return (FIREFOX_PATH ? [FIREFOX_PATH] : INSTALLED).find((path) => existsSync(path));
}

/**
 * Lets Playwright drive the Firefox that Debian packages. Playwright speaks WebDriver BiDi with a later one, and
 * reaches into a page with `eval`, which the app's content security policy forbids. So this stands in between.
 */
export function speakWithFirefoxEsr(): void {
  const bidi = (firefox as unknown as Inside)._connection.toImpl(firefox)._bidiFirefox;
  const connect = bidi.connectToTransport.bind(bidi);
  bidi.connectToTransport = (transport, options) => {
    const send = transport.send.bind(transport);
    transport.send = (message) => {
      if (!UNKNOWN.has(message.method)) return send(withoutEval(message));
      queueMicrotask(() => transport.onmessage?.({ type: "success", id: message.id, result: {} }));
    };
    return connect(transport, options);
  };
}

/** The same message, with what would be evaluated in the page as a part of the function that is called there. */
function withoutEval(message: Message): Message {
  const { functionDeclaration, arguments: args, target } = message.params;
  // In a sandbox, no policy of the page's applies.
  if (functionDeclaration !== EVALUATE || target?.sandbox) return message;
  const expression = String(args?.[3]?.value)
    .replace(/;\s*$/, "")
    // What `fill` types with is put into each page with `eval`, too.
    .replace("window.__pw_bidiInsertText(", 'document.execCommand("insertText", false, ');
  const called = `(utilityScript, ...args) => {
    const global = { eval: () => (${expression}\n) };
    return Object.create(utilityScript, { global: { value: global } }).evaluate(...args);
  }`;
  return { ...message, params: { ...message.params, functionDeclaration: called } };
}
