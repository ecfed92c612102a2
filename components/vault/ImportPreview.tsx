"use client";

import type { Ref } from "react";
import { Badge } from "@/components/vault/ui/badge";
import type { EnvRow } from "@/lib/vault/env-import";
import type { SecretMetadata } from "@/lib/vault/types";

interface ImportPreviewProps {
  ref: Ref<HTMLDivElement>;
  rows: readonly EnvRow[];
  problems: readonly string[];
  existing: ReadonlyMap<string, SecretMetadata>;
  skipped: ReadonlySet<string>;
  onSkippedChange: (skipped: ReadonlySet<string>) => void;
}

/** What an import would do, row by row. Values are not shown. */
export function ImportPreview({
  ref,
  rows,
  problems,
  existing,
  skipped,
  onSkippedChange,
}: ImportPreviewProps) {
  function choose(key: string, include: boolean) {
    const next = new Set(skipped);
    if (include) next.delete(key);
    else next.add(key);
    onSkippedChange(next);
  }
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {problems.map((problem) => (
        <p key={problem} className="text-sm text-warning-foreground">
          {problem}
        </p>
      ))}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would add a border and a legend to the table */}
      <div
        ref={ref}
        tabIndex={-1}
        role="group"
        aria-label="What the import would do"
        className="max-h-[50dvh] overflow-auto rounded-md border outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60"
      >
        <table className="w-full text-left text-sm">
          <caption className="sr-only">What the import would do</caption>
          <thead className="sticky top-0 bg-muted">
            <tr>
              <th scope="col" className="px-3 py-2 font-medium">
                Store
              </th>
              <th scope="col" className="px-3 py-2 font-medium">
                Key
              </th>
              <th scope="col" className="hidden px-3 py-2 font-medium sm:table-cell">
                Category
              </th>
              <th scope="col" className="hidden px-3 py-2 font-medium sm:table-cell">
                Effect
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const replaces = existing.has(row.key);
              const include = !row.problem && !skipped.has(row.key);
              const effect = (
                <Badge variant={row.problem || !include ? "outline" : replaces ? "warning" : "success"}>
                  {row.problem ? "Cannot be stored" : effectOf(replaces, include)}
                </Badge>
              );
              return (
                <tr key={row.key} className="border-t align-top">
                  <td className="px-3 py-2">
                    <input
                      type="checkbox"
                      className="size-4 accent-primary"
                      checked={include}
                      disabled={row.problem !== undefined}
                      onChange={(event) => choose(row.key, event.target.checked)}
                      aria-label={replaces ? `Replace ${row.key}` : `Store ${row.key}`}
                    />
                  </td>
                  <td className="min-w-0 px-3 py-2">
                    <p className="font-mono [overflow-wrap:anywhere]">{row.key}</p>
                    <div className="sm:hidden">{effect}</div>
                    {row.renamedFrom && (
                      <p className="text-muted-foreground [overflow-wrap:anywhere]">from {row.renamedFrom}</p>
                    )}
                    {row.description && (
                      <p className="text-muted-foreground [overflow-wrap:anywhere]">{row.description}</p>
                    )}
                    {(row.problem ?? row.warning) && (
                      <p className={row.problem ? "text-destructive-text" : "text-warning-foreground"}>
                        {row.problem ?? row.warning}
                      </p>
                    )}
                  </td>
                  <td className="hidden px-3 py-2 sm:table-cell">
                    {existing.get(row.key)?.category ?? row.category}
                  </td>
                  <td className="hidden px-3 py-2 sm:table-cell">{effect}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function effectOf(replaces: boolean, include: boolean): string {
  if (replaces) return include ? "Replaces yours" : "Exists, skipped";
  return include ? "New" : "Skipped";
}
