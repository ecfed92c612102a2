import type { Locator } from "@playwright/test";

interface DroppedFile {
  name: string;
  /** Text in UTF-8, or bytes. */
  content: string | number[];
  type?: string;
}

/** Drops files on an element; fails where the page does not take them. */
export async function dropFiles(target: Locator, ...files: DroppedFile[]): Promise<void> {
  await target.drop({
    files: files.map(({ name, content, type = "" }) => ({
      name,
      mimeType: type,
      buffer: Buffer.from(content as string),
    })),
  });
}

/**
 * Pastes or drops by an event alone, for what a test cannot do as a person would.
 *
 * @returns whether the page took it, and left nothing to the browser
 */
export function transfer(
  target: Locator,
  type: "paste" | "drop",
  text: string,
  files: readonly DroppedFile[],
): Promise<boolean> {
  return target.evaluate(
    (element, { type, text, files }) => {
      const data = new DataTransfer();
      if (text) data.setData("text/plain", text);
      for (const { name, content, type } of files) {
        const part = typeof content === "string" ? content : new Uint8Array(content);
        data.items.add(new File([part], name, type ? { type } : {}));
      }
      const init = { bubbles: true, cancelable: true };
      const event =
        type === "paste"
          ? new ClipboardEvent("paste", { ...init, clipboardData: data })
          : new DragEvent("drop", { ...init, dataTransfer: data });
      return !element.dispatchEvent(event);
    },
    { type, text, files: [...files] },
  );
}
