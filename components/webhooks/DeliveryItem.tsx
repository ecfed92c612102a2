import { ChevronDown } from "lucide-react";
import { useId } from "react";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { Delivery } from "@/lib/webhooks/schema";
import { describeEvent, describeResult, STATUS_BADGES } from "./words";

interface DeliveryItemProps {
  delivery: Delivery;
  /** Whether it is being sent again. */
  isSending: boolean;
  onSendAgain: () => void;
}

/** One attempt: what became of it, and, on demand, what was sent and how the answer began. */
export function DeliveryItem({ delivery, isSending, onSendAgain }: DeliveryItemProps) {
  const { event, attempt, status, response_excerpt, created_at } = delivery;
  const badge = STATUS_BADGES[status];
  const words = describeEvent(event);
  // A page begins with markup, which tells people nothing.
  const reason = status === "failed" && !response_excerpt?.startsWith("<") && response_excerpt;
  const sendAgain = (
    <Button variant="outline" size="sm" className="w-fit" onClick={onSendAgain} aria-disabled={isSending}>
      {isSending ? "Sending…" : "Send again"}
      <span className="sr-only">
        : {words}, attempt {attempt}
      </span>
    </Button>
  );
  return (
    <li className="flex flex-col gap-1.5 px-3 py-2.5 text-sm">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-52">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Badge variant={badge.variant}>{badge.label}</Badge>
            <span className="font-medium [overflow-wrap:anywhere]">{words}</span>
          </p>
          <p className="mt-0.5 text-muted-foreground">
            {describeResult(delivery)} Attempt {attempt}, <RelativeTime iso={created_at} />.
          </p>
          {reason && (
            <p className="mt-0.5 line-clamp-2 text-xs leading-5 text-muted-foreground [overflow-wrap:anywhere]">
              {reason}
            </p>
          )}
        </div>
        {(status === "failed" || status === "unfinished") && sendAgain}
      </div>
      <details className="group">
        <summary className="flex w-fit list-none items-center gap-1 rounded-sm py-0.5 text-muted-foreground focus-visible:outline-hidden hover:text-foreground focus-visible:ring-[3px] focus-visible:ring-ring/60 [&::-webkit-details-marker]:hidden">
          <ChevronDown
            aria-hidden
            className="size-4 transition-transform group-open:rotate-180 motion-reduce:transition-none"
          />
          Details
          <span className="sr-only">
            {" "}
            of {words}, attempt {attempt}
          </span>
        </summary>
        <div className="flex flex-col gap-3 pt-2">
          {response_excerpt !== null && <Excerpt label="Response" text={response_excerpt || "(empty)"} />}
          <Excerpt label="Request" text={indent(delivery.payload)} />
          <p className="font-mono text-xs text-muted-foreground [overflow-wrap:anywhere]">
            webhook-id: {delivery.message_id}
          </p>
          {status === "delivered" && sendAgain}
        </div>
      </details>
    </li>
  );
}

/** A text that may be long, in a region that the keyboard scrolls too. */
function Excerpt({ label, text }: { label: string; text: string }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <p id={id} className="font-medium">
        {label}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls, and this holds text */}
      <div
        role="group"
        aria-labelledby={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what overflows has to be scrolled without a mouse
        tabIndex={0}
        className="max-h-52 overflow-y-auto rounded-md bg-muted px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap focus-visible:outline-hidden [overflow-wrap:anywhere] focus-visible:ring-[3px] focus-visible:ring-ring/60"
      >
        {text}
      </div>
    </div>
  );
}

/** JSON as people read it; what is none stays as it is. */
function indent(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
