import { Fragment, type ReactNode } from "react";
import type { VaultEvent } from "@/lib/activity/events";
import { activityHref } from "@/lib/workspace/href";
import { describeEvent, type Part } from "./words";

interface EventSentenceProps {
  event: VaultEvent;
  /** Null for the person's own log. */
  teamId: string | null;
}

/** What was done, as what follows the name of who did it. A key's name leads to what was done with it. */
export function EventSentence({ event, teamId }: EventSentenceProps) {
  return describeEvent(event).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of an event never change
    <Fragment key={index}>{show(part, event, teamId)}</Fragment>
  ));
}

function show(part: Part, event: VaultEvent, teamId: string | null): ReactNode {
  if (typeof part === "object") return <span className="font-medium">{part.name}</span>;
  if (part === "SUBJECT") return <span className="font-semibold">{subjectOf(event)}</span>;
  if (part !== "KEY") return part;
  const { key } = event;
  return (
    key !== null && (
      <a
        href={activityHref(teamId, key)}
        title={`Show only activity on ${key}`}
        className="rounded-sm font-mono underline decoration-muted-foreground/50 underline-offset-4 focus-visible:outline-hidden hover:decoration-current focus-visible:ring-[3px] focus-visible:ring-ring/60"
      >
        {key}
      </a>
    )
  );
}

function subjectOf({ subject, actor }: VaultEvent): string {
  if (subject === null) return "someone";
  if (subject.is_you) return actor?.is_you ? "yourself" : "you";
  return subject.email ?? "a deleted account";
}
