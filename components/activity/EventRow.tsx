import { Activity, Eye, KeyRound, type LucideIcon, Pencil, Trash2 } from "lucide-react";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { EventAction } from "@/lib/activity/actions";
import type { VaultEvent } from "@/lib/activity/events";

/** What somebody did, so that the key's name can follow, and the icon that stands for it in the vault too. */
const DEEDS: Partial<Record<EventAction, { words: string; Icon: LucideIcon }>> = {
  set: { words: "replaced or set the value of", Icon: KeyRound },
  revealed: { words: "asked for the value of", Icon: Eye },
  metadata: { words: "changed the description or category of", Icon: Pencil },
  deleted: { words: "deleted", Icon: Trash2 },
  checked: { words: "asked the provider about", Icon: Activity },
};

interface EventRowProps {
  event: VaultEvent;
  /** Leads to the events of this key alone; undefined where these are all there are to see. */
  href: string | undefined;
}

/** One event as a sentence, and when it was. */
export function EventRow({ event: { key, action, actor, created_at }, href }: EventRowProps) {
  const { words, Icon } = DEEDS[action] ?? { words: action, Icon: Activity };
  const name = "font-mono [overflow-wrap:anywhere]";
  return (
    <li className="flex gap-3 px-4 py-3 text-sm sm:px-5">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
      <div className="flex min-w-0 flex-1 flex-col gap-x-4 gap-y-0.5 sm:flex-row sm:justify-between">
        <p className="min-w-0">
          <span className="font-semibold [overflow-wrap:anywhere]">
            {actor?.is_you ? "You" : (actor?.email ?? "A deleted account")}
          </span>{" "}
          {words}{" "}
          {href === undefined ? (
            <span className={name}>{key}</span>
          ) : (
            <a
              href={href}
              title={`Only what was done with ${key}`}
              className={`${name} rounded-sm underline decoration-muted-foreground/50 underline-offset-4 outline-none hover:decoration-current focus-visible:ring-[3px] focus-visible:ring-ring/60`}
            >
              {key}
            </a>
          )}
        </p>
        <p className="shrink-0 text-muted-foreground">
          <RelativeTime iso={created_at} />
        </p>
      </div>
    </li>
  );
}
