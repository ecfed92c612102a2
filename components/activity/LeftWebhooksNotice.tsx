"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Notice } from "@/components/shared/Notice";
import { Button } from "@/components/vault/ui/button";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import { DeleteWebhookDialog } from "@/components/webhooks/DeleteWebhookDialog";
import { ResumeWebhookDialog } from "@/components/webhooks/ResumeWebhookDialog";
import type { LeftWebhook } from "@/lib/webhooks/left";
import { webhooksApi } from "@/lib/webhooks/requests";

interface LeftWebhooksNoticeProps {
  webhooks: LeftWebhook[];
  teamId: string;
}

const ID = "left-webhooks";

/** Shows a team's admins which webhooks wait for one of them because the admin responsible left; nothing if none do. */
export function LeftWebhooksNotice({ webhooks, teamId }: LeftWebhooksNoticeProps) {
  const { refresh } = useRouter();
  const [api] = useState(() => webhooksApi(teamId));
  const [asked, setAsked] = useState<{ to: "resume" | "delete"; webhook: LeftWebhook } | null>(null);
  if (webhooks.length === 0) return null;

  const close = () => setAsked(null);
  // The row that was acted on goes, and with the last one all of this.
  const heading = () => document.querySelector<HTMLElement>(webhooks.length > 1 ? `#${ID}` : "h1");
  return (
    <Notice id={ID} title="These webhooks are paused: the admin responsible for them is no longer an admin">
      <p>Nothing is sent to them. Resume the ones the team still needs and delete the rest.</p>
      <ul className="flex flex-col gap-3">
        {webhooks.map((webhook) => (
          <li key={webhook.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <div className="min-w-0 flex-1 basis-60">
              <p className="font-medium [overflow-wrap:anywhere]">{webhook.address}</p>
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
        <DeleteWebhookDialog
          webhook={asked.webhook}
          api={api}
          onDeleted={refresh}
          onClose={close}
          focusAfter={heading}
        />
      )}
    </Notice>
  );
}
