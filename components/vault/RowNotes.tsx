import { Fragment, type ReactNode } from "react";
import { Badge } from "@/components/vault/ui/badge";
import { DESTRUCTIVE_TEXT, SUCCESS_TEXT, WARNING_TEXT } from "@/components/vault/ui/colors";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import { useClock } from "@/components/vault/ui/useClock";
import type { KeyUse, SecretMetadata } from "@/lib/vault/types";
import { describeExpiry, describeStaleness, type ExpiryLevel } from "./dates";
import { describeUse, type Verdict } from "./verdict";

interface RowNotesProps {
  secret: SecretMetadata;
  verdict: Verdict | undefined;
  use: KeyUse | undefined;
  rotateReason: string | undefined;
  addedBy: string | undefined;
}

const BAD = `font-medium ${DESTRUCTIVE_TEXT}`;
const EXPIRY: Record<ExpiryLevel, string> = {
  soon: `font-medium ${WARNING_TEXT}`,
  urgent: BAD,
  expired: BAD,
};
const VERDICT: Record<Verdict["result"], string> = {
  works: `font-medium ${SUCCESS_TEXT}`,
  refused: BAD,
  no_credit: BAD,
  unreachable: "font-medium",
};

/** What there is to know about a secret's value, the most pressing first; nothing where there is nothing. */
export function RowNotes({ secret, verdict, use, rotateReason, addedBy }: RowNotesProps) {
  const { key, details } = secret;
  // As one text each, because a clock is read as one.
  const expiry = useClock((now) => {
    const { level, words } = describeExpiry(details?.expires_at, now) ?? {};
    return level ? `${level} ${words}` : "";
  });
  const stale = useClock((now) => describeStaleness(secret, now) ?? "");
  const notes: ReactNode[] = [];
  if (expiry) {
    const [level = "", ...words] = expiry.split(" ");
    notes.push(
      <span key="expiry" className={EXPIRY[level as ExpiryLevel]}>
        {words.join(" ")}
      </span>,
    );
  }
  if (use) {
    notes.push(
      <span key="use">
        <span className={use.result === "worked" ? undefined : BAD}>{describeUse(key, use)}</span>{" "}
        <RelativeTime iso={use.at} />
      </span>,
    );
  }
  if (verdict) {
    const { words, result, at, detail, facts } = verdict;
    notes.push(
      <span key="verdict">
        <span className={VERDICT[result]}>{words}</span> · checked <RelativeTime iso={at} />
        {detail && ` · ${detail}`}
      </span>,
    );
    notes.push(...facts);
  }
  if (stale) notes.push(stale);
  if (addedBy) notes.push(`Added by ${addedBy}`);
  if (notes.length === 0 && !rotateReason) return null;
  return (
    <>
      {rotateReason && (
        <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-muted-foreground">
          <Badge variant="warning" className="py-0">
            Rotate it
          </Badge>
          <span className="min-w-0 [overflow-wrap:anywhere]">{rotateReason}</span>
        </p>
      )}
      {notes.length > 0 && (
        <p className="text-xs text-muted-foreground [overflow-wrap:anywhere]">
          {notes.map((note, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the notes have no state, and no order to keep
            <Fragment key={index}>
              {index > 0 && " · "}
              {note}
            </Fragment>
          ))}
        </p>
      )}
    </>
  );
}
