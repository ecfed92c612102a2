"use client";

import { Eye, EyeOff, LoaderCircle, Pencil, Trash2 } from "lucide-react";
import { RelativeTime } from "@/components/RelativeTime";
import { Button } from "@/components/ui/button";
import { MASK } from "@/lib/vault/rules";
import type { SecretMetadata } from "@/lib/vault/types";

interface SecretRowProps {
  secret: SecretMetadata;
  /** The value while it is shown. */
  value: string | undefined;
  loading: boolean;
  onShow: () => void;
  onHide: () => void;
  onEdit: () => void;
  onDelete: () => void;
}

/** One secret: its name, what it is for, when its value last changed, and the value, hidden or shown. */
export function SecretRow({ secret, value, loading, onShow, onHide, onEdit, onDelete }: SecretRowProps) {
  const shown = value !== undefined;
  const ShowIcon = loading ? LoaderCircle : shown ? EyeOff : Eye;
  return (
    <li className="flex flex-col gap-2 rounded-lg border bg-background/60 p-3">
      <div>
        <p className="font-mono text-sm font-medium [overflow-wrap:anywhere]">{secret.key}</p>
        <p className="text-sm text-muted-foreground [overflow-wrap:anywhere]">
          {secret.description && <>{secret.description} · </>}
          Rotated <RelativeTime iso={secret.last_rotated_at} />
        </p>
      </div>
      <div className="flex items-center gap-1">
        {/* Of the same size hidden and shown, so that nothing moves; a longer value is scrolled. */}
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls, and this holds text */}
        <div
          className="h-9 min-w-0 flex-1 overflow-auto rounded-md bg-muted px-3 py-2 font-mono text-xs leading-5 whitespace-pre outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60"
          tabIndex={shown ? 0 : undefined}
          role="group"
          aria-label={`The value of ${secret.key}`}
        >
          {shown ? value : <span aria-hidden>{MASK}</span>}
          {!shown && <span className="sr-only">Hidden</span>}
        </div>
        <Button
          variant="ghost"
          size="icon"
          onClick={shown ? onHide : onShow}
          aria-label={`${shown ? "Hide" : "Show"} the value of ${secret.key}`}
          aria-busy={loading}
          title={shown ? "Hide" : "Show"}
        >
          <ShowIcon aria-hidden className={loading ? "animate-spin motion-reduce:animate-none" : undefined} />
        </Button>
        <Button variant="ghost" size="icon" onClick={onEdit} aria-label={`Edit ${secret.key}`} title="Edit">
          <Pencil aria-hidden />
        </Button>
        <Button
          variant="ghost"
          size="icon"
          onClick={onDelete}
          aria-label={`Delete ${secret.key}`}
          title="Delete"
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
    </li>
  );
}
