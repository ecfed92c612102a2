import { after } from "next/server";

/**
 * Does something once the reply is sent, or nobody waits for it any more. A host like Vercel doesn't end the server's work
 * before that is done. Without a request, as in a script or a job, it's done at once.
 *
 * @param work must not reject
 */
export function afterReply(work: () => Promise<void>): void {
  try {
    after(work);
  } catch {
    void work();
  }
}
