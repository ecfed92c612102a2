"use client";

import { type Ref, useState } from "react";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { cn } from "@/components/vault/ui/cn";
import { DESTRUCTIVE_TEXT, WARNING_TEXT } from "@/components/vault/ui/colors";
import { FOCUS_RING } from "@/components/vault/ui/focus";
import type { EnvRow } from "@/lib/vault/env-import";
import type { SecretMetadata } from "@/lib/vault/types";

interface ImportPreviewProps {
  ref: Ref<HTMLDivElement>;
  rows: readonly EnvRow[];
  problems: readonly string[];
  existing: ReadonlyMap<string, SecretMetadata>;
  skipped: ReadonlySet<string>;
  onSkippedChange: (skipped: ReadonlySet<string>) => void;
  /** The keys whose comment becomes their description. */
  described: ReadonlySet<string>;
  onDescribedChange: (described: ReadonlySet<string>) => void;
  ofTeam: boolean;
}

/** What an import would do, row by row. A value is shown when it is asked for. */
export function ImportPreview(props: ImportPreviewProps) {
  const { ref, rows, problems, existing, skipped, described, ofTeam } = props;
  const [shownKey, setShownKey] = useState<string | null>(null);
  const commented = rows.filter((row) => row.comment !== "" && !row.problem).map(({ key }) => key);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {problems.map((problem) => (
        <p key={problem} className={`text-sm ${WARNING_TEXT}`}>
          {problem}
        </p>
      ))}
      {commented.length > 0 && (
        <label className="flex items-start gap-2 text-sm">
          <input
            type="checkbox"
            className="mt-0.5 size-4 shrink-0 accent-primary"
            checked={commented.every((key) => described.has(key))}
            onChange={(event) => props.onDescribedChange(new Set(event.target.checked ? commented : []))}
          />
          <span>
            Use all comments as descriptions.{" "}
            <span className="text-muted-foreground">
              {ofTeam
                ? "Descriptions are not encrypted, and every member of the team reads them."
                : "Descriptions are not encrypted."}
            </span>
          </span>
        </label>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would add a border and a legend to the table */}
      <div
        ref={ref}
        tabIndex={-1}
        role="group"
        aria-label="Import preview"
        className={cn("max-h-[50dvh] overflow-auto rounded-md border", FOCUS_RING)}
      >
        <table className="w-full text-left text-sm">
          <caption className="sr-only">Import preview</caption>
          <thead className="sticky top-0 bg-muted">
            <tr>
              <th scope="col" className="w-px px-3 py-2 font-medium">
                Store
              </th>
              <th scope="col" className="px-3 py-2 font-medium">
                Key
              </th>
              <th scope="col" className="hidden w-px px-3 py-2 font-medium sm:table-cell">
                Category
              </th>
              <th scope="col" className="hidden w-px px-3 py-2 font-medium sm:table-cell">
                Effect
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const { key, value, comment, problem, warning } = row;
              const replaces = existing.has(key);
              const include = !problem && !skipped.has(key);
              const isShown = shownKey === key;
              const effect = (
                <Badge variant={problem || !include ? "outline" : replaces ? "warning" : "success"}>
                  {problem ? "Can't be stored" : effectOf(replaces, include)}
                </Badge>
              );
              return (
                <tr key={key} className="border-t align-top">
                  <td className="px-3 py-2">
                    <input
                      type="checkbox"
                      className="size-4 accent-primary"
                      checked={include}
                      disabled={problem !== undefined}
                      onChange={(event) => props.onSkippedChange(toggle(skipped, key, !event.target.checked))}
                      aria-label={replaces ? `Replace ${key}` : `Store ${key}`}
                    />
                  </td>
                  <td className="px-3 py-2">
                    <div className="flex min-w-0 flex-col gap-1">
                      <p className="font-mono [overflow-wrap:anywhere]">{key}</p>
                      <div className="sm:hidden">{effect}</div>
                      {row.renamedFrom && (
                        <p className="text-muted-foreground [overflow-wrap:anywhere]">
                          from {row.renamedFrom}
                        </p>
                      )}
                      {(problem ?? warning) && (
                        <p className={problem ? DESTRUCTIVE_TEXT : WARNING_TEXT}>{problem ?? warning}</p>
                      )}
                      {value !== "" && (
                        <p className="flex flex-wrap items-center gap-x-2 text-muted-foreground">
                          {describeSize(value)}
                          <Button
                            variant="link"
                            size="sm"
                            className="h-auto p-0"
                            aria-expanded={isShown}
                            aria-label={`${isShown ? "Hide" : "Show"} the value of ${key}`}
                            onClick={() => setShownKey(isShown ? null : key)}
                          >
                            {isShown ? "Hide" : "Show"}
                          </Button>
                        </p>
                      )}
                      {isShown && (
                        <pre className="max-h-40 overflow-auto rounded-md bg-muted px-2 py-1 font-mono text-xs [overflow-wrap:anywhere] whitespace-pre-wrap">
                          {value}
                        </pre>
                      )}
                      {comment && !problem && (
                        <label className="flex items-start gap-2 text-muted-foreground [overflow-wrap:anywhere]">
                          <input
                            type="checkbox"
                            className="mt-0.5 size-4 shrink-0 accent-primary"
                            checked={described.has(key)}
                            onChange={(event) =>
                              props.onDescribedChange(toggle(described, key, event.target.checked))
                            }
                            aria-label={`Description of ${key}: ${comment}`}
                          />
                          Description: {comment}
                        </label>
                      )}
                    </div>
                  </td>
                  <td className="hidden px-3 py-2 whitespace-nowrap sm:table-cell">
                    {existing.get(key)?.category ?? row.category}
                  </td>
                  <td className="hidden px-3 py-2 whitespace-nowrap sm:table-cell">{effect}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function toggle(keys: ReadonlySet<string>, key: string, isIn: boolean): ReadonlySet<string> {
  return isIn ? new Set([...keys, key]) : new Set([...keys].filter((other) => other !== key));
}

/** @example describeSize("a\nb\n") // "2 lines, 4 characters" */
function describeSize(value: string): string {
  const lines = value.replace(/\n$/, "").split("\n").length;
  const characters = `${value.length.toLocaleString("en-US")} ${value.length === 1 ? "character" : "characters"}`;
  return lines > 1 ? `${lines} lines, ${characters}` : characters;
}

function effectOf(replaces: boolean, include: boolean): string {
  if (replaces) return include ? "Replaces yours" : "Exists, skipped";
  return include ? "New" : "Skipped";
}
