import { ApiError, asApiError, offline } from "@/lib/vault/http/client";

/** Longer than the server gives the auth server, so that its own sentence comes first. */
const TIMEOUT_MS = 20_000;

/**
 * Sends a form as the browser would, but for an answer that this page can show, and goes where that says.
 *
 * @returns why it was refused; null once the browser is on its way
 */
export async function submit(form: HTMLFormElement): Promise<ApiError | null> {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  try {
    const reply = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(fields),
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => {
      throw offline();
    });
    const answer = await reply.json().catch(() => ({}));
    if (!reply.ok || typeof answer?.to !== "string") throw refusal(reply.status, answer);
    // A full load: nothing of what was there before is left in this page's memory.
    window.location.assign(answer.to);
    return null;
  } catch (error) {
    return asApiError(error);
  }
}

/** Something in between may have answered in the server's place. */
function refusal(status: number, answer: { code?: unknown; detail?: unknown } | null): ApiError {
  const said = (text: unknown, otherwise: string) => (typeof text === "string" ? text : otherwise);
  const sentence = said(answer?.detail, "Something went wrong on the server. Try again in a moment.");
  return new ApiError(status, said(answer?.code, "internal"), sentence);
}
