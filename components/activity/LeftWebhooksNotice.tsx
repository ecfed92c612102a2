"use client";

import { TriangleAlert } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
import { Button } from "@/components/vault/ui/button";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import { ResumeWebhookDialog } from "@/components/webhooks/ResumeWebhookDialog";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import type { LeftWebhook } from "@/lib/webhooks/left";
import { webhooksApi } from "@/lib/webhooks/requests";

interface LeftWebhooksNoticeProps {
  webhooks: LeftWebhook[];
  teamId: string;
}

/** Tells a team's admins which webhooks wait for one of them, because who answered for them left; nothing where none do. */
export function LeftWebhooksNotice({ webhooks, teamId }: LeftWebhooksNoticeProps) {
  const { refresh } = useRouter();
  const [api] = useState(() => webhooksApi(teamId));
  const [asked, setAsked] = useState<{ to: "resume" | "delete"; webhook: LeftWebhook } | null>(null);
  if (webhooks.length === 0) return null;

  async function remove({ id }: LeftWebhook): Promise<ApiError | null> {
    try {
      await api.remove(id);
    } catch (error) {
      const failure = asApiError(error);
      // Deleted in another window: what was wanted is so.
      if (failure.code !== "webhook_not_found") return failure;
    }
    toast.success("The webhook is deleted.");
    refresh();
    return null;
  }

  const close = () => setAsked(null);
  // The row that was acted on goes, and with the last one all of this.
  const heading = () => document.querySelector<HTMLElement>(webhooks.length > 1 ? "#left-webhooks" : "h1");
  return (
    <section
      aria-labelledby="left-webhooks"
      className="flex gap-3 rounded-xl border border-warning-foreground/25 bg-warning px-4 py-4 text-sm text-warning-foreground sm:px-5"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-col gap-3">
        <div className="flex flex-col gap-1">
          <h2 id="left-webhooks" tabIndex={-1} className="font-semibold outline-none">
            These webhooks are paused: the admin who answered for them is gone
          </h2>
          <p>Nothing is sent to them. Resume those that the team still needs, and delete the others.</p>
        </div>
        <ul className="flex flex-col gap-3">
          {webhooks.map((webhook) => (
            <li key={webhook.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
              <div className="min-w-0 flex-1 basis-60">
                <p className="font-mono [overflow-wrap:anywhere]">{webhook.address}</p>
                {webhook.description && (
                  <p className="line-clamp-2 [overflow-wrap:anywhere]">{webhook.description}</p>
                )}
                <p className="[overflow-wrap:anywhere]">
                  {webhook.email ?? "A deleted account"}, paused <RelativeTime iso={webhook.paused_at} />
                </p>
              </div>
              <div className="flex gap-2 text-foreground">
                {(["resume", "delete"] as const).map((to) => (
                  <Button key={to} variant="outline" size="sm" onClick={() => setAsked({ to, webhook })}>
                    {to === "resume" ? "Resume" : "Delete"}
                    <span className="sr-only">
                      {" "}
                      {webhook.address} {webhook.description}
                    </span>
                  </Button>
                ))}
              </div>
            </li>
          ))}
        </ul>
      </div>
      {asked?.to === "resume" && (
        <ResumeWebhookDialog
          webhook={asked.webhook}
          api={api}
          onResumed={refresh}
          onGone={refresh}
          onClose={close}
          focusAfter={heading}
        />
      )}
      {asked?.to === "delete" && (
        <ConfirmDialog
          title="Delete this webhook?"
          action="Delete"
          working="Deleting…"
          destructive
          onConfirm={() => remove(asked.webhook)}
          onClose={close}
          focusAfter={heading}
        >
          <span className="mb-2 line-clamp-2 font-mono text-foreground [overflow-wrap:anywhere]">
            {asked.webhook.address}
          </span>
          Its deliveries and its signing secret go with it and cannot be brought back.
        </ConfirmDialog>
      )}
    </section>
  );
}
