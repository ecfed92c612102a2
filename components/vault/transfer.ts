import type { ClipboardEvent, DragEvent, SyntheticEvent } from "react";
import { readTextFile } from "@/lib/vault/text-file";

// What is pasted and dropped, which browsers hand over alike.

/** Whether files are being dragged. While they are, what they hold cannot be seen. */
export const hasFiles = (data: DataTransfer): boolean => data.types.includes("Files");

/**
 * Lets files be dropped on an element. Text is left to the browser, which puts it into a field only where the page
 * does not say that it takes the drop.
 */
export function allowFiles(event: DragEvent): void {
  if (hasFiles(event.dataTransfer)) event.preventDefault();
}

/**
 * The files of a paste or a drop as text.
 *
 * @returns null if there is none; a picture of copied cells, which comes along with their text, is none
 */
export function readFiles(data: DataTransfer): ReturnType<typeof readTextFile> | null {
  const files = [...data.files];
  if (data.getData("text/plain") !== "" && files.every(({ type }) => type.startsWith("image/"))) return null;
  return files.length > 0 ? readTextFile(files) : null;
}

/**
 * The handlers of a form that takes what is pasted and dropped on it.
 *
 * @param take is given both; without `preventDefault()`, text goes where the browser puts it
 */
export function transferHandlers(take: (event: SyntheticEvent, data: DataTransfer) => void) {
  return {
    onPaste: (event: ClipboardEvent) => take(event, event.clipboardData),
    onDragOver: allowFiles,
    onDrop(event: DragEvent) {
      // The panel behind would take it for a file to import.
      event.stopPropagation();
      // Else the browser would leave the page, and show the file.
      if (event.dataTransfer.files.length > 0) event.preventDefault();
      take(event, event.dataTransfer);
    },
  };
}
