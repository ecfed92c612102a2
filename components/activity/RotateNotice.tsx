import { TriangleAlert } from "lucide-react";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { Exposure } from "@/lib/activity/exposures";
import { pageHref } from "@/lib/workspace/href";

interface RotateNoticeProps {
  exposures: Exposure[];
  teamId: string;
}

/** Tells a team's admins which keys are known to people who left; nothing where there are none. */
export function RotateNotice({ exposures, teamId }: RotateNoticeProps) {
  if (exposures.length === 0) return null;
  const people = Map.groupBy(exposures, ({ user_id }) => user_id);
  return (
    <section
      aria-labelledby="rotate-notice"
      className="flex gap-3 rounded-xl border border-warning-foreground/25 bg-warning px-4 py-4 text-sm text-warning-foreground sm:px-5"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-col gap-3">
        <div className="flex flex-col gap-1">
          <h2 id="rotate-notice" className="font-semibold">
            Rotate these keys: people who left have seen them
          </h2>
          <p>
            Get new ones from their providers and withdraw the old ones there. Replacing the value in the
            vault takes a key off this list.
          </p>
        </div>
        <ul className="flex flex-col gap-3">
          {[...people].map(([id, seen]) => (
            <li key={id}>
              <p className="font-semibold [overflow-wrap:anywhere]">
                {seen[0]?.email ?? "A deleted account"}
              </p>
              <ul className="mt-1 flex flex-col gap-1">
                {seen.map(({ key, seen_at }) => (
                  <li key={key} className="flex flex-wrap gap-x-2">
                    <span className="font-mono [overflow-wrap:anywhere]">{key}</span>
                    <span>
                      last seen <RelativeTime iso={seen_at} />
                    </span>
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
        <a
          href={`${pageHref("dashboard", teamId)}#vault`}
          className="self-start rounded-sm font-medium underline underline-offset-4 outline-none hover:decoration-2 focus-visible:ring-[3px] focus-visible:ring-ring/60"
        >
          Open the team's vault
        </a>
      </div>
    </section>
  );
}
