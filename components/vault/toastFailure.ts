import { toast } from "@/components/vault/toast";
import { type ApiError, isCancelled } from "@/lib/vault/http/client";

/** Says why something did not work where there is no place beside it, with the way on where there is one. */
export function toastFailure(failure: ApiError): void {
  const { code, message } = failure;
  if (isCancelled(failure)) return;
  if (code !== "unauthenticated") return void toast.error(message);
  // The page itself leads to where one signs in, and nothing of the ended session stays in memory.
  const action = { label: "Sign in", onClick: () => window.location.reload() };
  toast.error("Your session has ended.", { action });
}
