import type { ExternalToast, toast as Toast } from "sonner";

type Title = Parameters<typeof Toast.message>[0];

/** Shows a toast once sonner is loaded. The order is that of the calls. */
const later = (kind: "success" | "error" | "info") => (title: Title, options?: ExternalToast) =>
  void import("sonner").then(
    ({ toast }) => toast[kind](title, options),
    // Without sonner there is no place to say anything.
    () => {},
  );

/** sonner's toasts, without sonner in a page's first load. */
export const toast = { success: later("success"), error: later("error"), info: later("info") };
