let permission: PermissionStatus | undefined;

/** Learns ahead whether the browser lets this page copy: to ask once a button is pressed is too late for some browsers. */
export async function watchClipboard(): Promise<void> {
  try {
    // Firefox and Safari have no such permission, and say so with an error.
    permission ??= await navigator.permissions.query({ name: "clipboard-write" as PermissionName });
  } catch {
    // Then copying says it.
  }
}

/** Why this page cannot copy, and what to do; null where nothing is known to be in the way. */
export function copyObstacle(): string | null {
  // Browsers leave it out on pages over plain http.
  if (!navigator.clipboard) {
    return "Browsers allow copying only on https pages. Show the value and copy it yourself.";
  }
  if (permission?.state === "denied") {
    return "Copying is blocked for this site. Allow it in the browser's settings, or show the value and copy it yourself.";
  }
  return null;
}

/** Some browsers write only while the click is handled, so they are given the promise and not its result. */
export async function writeToClipboard(value: Promise<string>): Promise<void> {
  if (typeof ClipboardItem === "undefined") return navigator.clipboard.writeText(await value);
  // Awaited beside the writing, because the browser's own error would hide why there is no value.
  const text = value.then((plain) => new Blob([plain], { type: "text/plain" }));
  await Promise.all([value, navigator.clipboard.write([new ClipboardItem({ "text/plain": text })])]);
}
