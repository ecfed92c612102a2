import type { Locator } from "@playwright/test";

interface DroppedFile {
  name: string;
  /** Text in UTF-8, or bytes. */
  content: string | number[];
  type?: string;
}

/** Pastes as a person would: replaced by the page where it handles the paste, inserted where not. */
export async function paste(field: Locator, text: string): Promise<void> {
  await field.focus();
  if (!(await transfer(field, "paste", text, []))) await field.fill(text);
}

/** Drops files on an element, or, of a paste, has them in the clipboard. */
export async function dropFiles(target: Locator, ...files: DroppedFile[]): Promise<void> {
  await transfer(target, "drop", "", files);
}

/** @returns whether the page took it, and left nothing to the browser */
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
