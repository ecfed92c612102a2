import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { SecretMetadata } from "@/lib/vault/types";

interface ChangeSinceProps {
  /** The secret as the page had it. */
  seen: SecretMetadata;
  present: SecretMetadata;
}

/** What has become of a secret since the page was opened, in sentences. */
export function ChangeSince({ seen, present }: ChangeSinceProps) {
  const isAnother = present.id !== seen.id;
  const isSameValue = present.last_rotated_at === seen.last_rotated_at;
  return (
    <span className="[overflow-wrap:anywhere]">
      {present.key} was {isAnother ? "deleted and added again" : "changed"}{" "}
      <RelativeTime iso={present.updated_at} />, after you opened this page.{" "}
      {isSameValue
        ? "Its value is the same."
        : isAnother
          ? "It has a different value now."
          : "Its value was replaced."}
    </span>
  );
}
