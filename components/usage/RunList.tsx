"use client";

import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { formatDuration } from "@/components/reveal/words";
import { Failure } from "@/components/shared/Failure";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import { REVEAL_KEY } from "@/lib/reveal/types";
import type { Run, RunsPage, UsageScope } from "@/lib/usage/types";
import { type ApiError, asApiError, callApi } from "@/lib/vault/http/client";
import {
  describeDetails,
  describeRunCost,
  describeStatus,
  describeStop,
  describeTokens,
  nameFeature,
  PAID_BY,
} from "./words";

interface RunListProps {
  scope: UsageScope;
  /** Null for the person's own workspace. */
  teamId: string | null;
  initial: RunsPage;
}

/** Single runs, newest first, a page at a time. */
export function RunList({ scope, teamId, initial }: RunListProps) {
  const [{ runs, next }, setPage] = useState(initial);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const list = useRef<HTMLUListElement>(null);

  async function showMore(before: string) {
    setPending(true);
    setFailure(null);
    try {
      const query = new URLSearchParams({ before, ...(teamId && { team_id: teamId }) });
      const more = await callApi<RunsPage>("GET", `/api/usage/runs?${query}`);
      // Synchronously, because the keyboard continues where the new ones begin: the button may be gone.
      flushSync(() => setPage({ runs: [...runs, ...more.runs], next: more.next }));
      const first = list.current?.children[runs.length];
      if (first instanceof HTMLElement) first.focus({ preventScroll: true });
    } catch (error) {
      setFailure(asApiError(error));
    } finally {
      setPending(false);
    }
  }

  return (
    <>
      <ul ref={list} className="divide-y text-sm">
        {runs.map((run) => (
          <RunRow key={run.id} run={run} scope={scope} />
        ))}
      </ul>
      <Failure failure={failure} className="mt-3" />
      {next !== null && (
        <Button variant="outline" className="mt-3" disabled={pending} onClick={() => showMore(next)}>
          {pending ? "Loading…" : "Show more"}
        </Button>
      )}
    </>
  );
}

function RunRow({ run, scope }: { run: Run; scope: UsageScope }) {
  const stop = describeStop(run);
  return (
    <li
      tabIndex={-1}
      className="flex flex-col gap-x-6 gap-y-1 rounded-sm py-2.5 focus-visible:outline-hidden focus-visible:ring-[3px] focus-visible:ring-ring/60 sm:flex-row sm:items-baseline sm:justify-between"
    >
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{nameFeature(run.kind)}</span>
          <span className="break-all text-muted-foreground">{run.model}</span>
          {run.status !== "completed" && (
            <Badge variant={run.status === "started" ? "secondary" : "warning"}>
              {describeStatus(run.status)}
            </Badge>
          )}
          {stop && <span className="text-muted-foreground">{stop}</span>}
        </p>
        <p className="break-words text-muted-foreground">
          {run.member !== undefined && <>{run.member}, </>}
          with {PAID_BY[scope][run.source]}
          {run.key !== REVEAL_KEY && <>, {run.key}</>}
        </p>
      </div>
      <div className="shrink-0 sm:max-w-[60%] sm:text-right">
        <p className="break-words tabular-nums">
          {[describeTokens(run), ...describeDetails(run), describeRunCost(run)].join(" · ")}
        </p>
        <p className="text-muted-foreground">
          {run.duration_ms !== null && <>{formatDuration(run.duration_ms)} · </>}
          <RelativeTime iso={run.created_at} />
        </p>
      </div>
    </li>
  );
}
