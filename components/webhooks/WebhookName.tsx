import type { Webhook } from "@/lib/webhooks/schema";

/** Which webhook a question is about. Descriptions distinguish two webhooks of one service. */
export function WebhookName({ address, description }: Pick<Webhook, "address" | "description">) {
  return (
    <>
      <span className="mb-2 line-clamp-2 font-medium text-foreground [overflow-wrap:anywhere]">
        {address}
      </span>
      {description && (
        <span className="mb-2 line-clamp-4 text-foreground [overflow-wrap:anywhere]">{description}</span>
      )}
    </>
  );
}
