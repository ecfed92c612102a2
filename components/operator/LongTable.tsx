"use client";

import { type ReactNode, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { DataTable, HeadCell } from "@/components/usage/table";
import { Button } from "@/components/vault/ui/button";

/** Rows that are shown at first, and that each "Show more" adds. */
const STEP = 20;

interface LongTableProps<Row> {
  caption: string;
  /** Names of columns; the first one holds words, the others numbers unless `words` has them. */
  columns: string[];
  words?: string[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** A row's cells. */
  children: (row: Row) => ReactNode;
}

/** A table of which 20 rows are shown, and more when asked for. */
export function LongTable<Row>({ caption, columns, words, rows, keyOf, children }: LongTableProps<Row>) {
  const [count, setCount] = useState(STEP);
  const body = useRef<HTMLTableSectionElement>(null);

  function showMore() {
    // Synchronously, because the keyboard continues where the new ones begin: the button may be gone.
    flushSync(() => setCount(count + STEP));
    body.current?.rows[count]?.focus({ preventScroll: true });
  }

  return (
    <>
      <DataTable caption={caption}>
        <thead>
          <tr>
            {columns.map((name, index) => (
              <HeadCell key={name} text={index === 0 || words?.includes(name)}>
                {name}
              </HeadCell>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.slice(0, count).map((row) => (
            <tr
              key={keyOf(row)}
              tabIndex={-1}
              className="border-t focus-visible:outline-hidden focus-visible:ring-[3px] focus-visible:ring-ring/60 focus-visible:ring-inset forced-colors:focus-visible:-outline-offset-4"
            >
              {children(row)}
            </tr>
          ))}
        </tbody>
      </DataTable>
      {rows.length > count && (
        <Button variant="outline" className="mt-3 self-start" onClick={showMore}>
          Show more
          <span className="sr-only"> of: {caption}</span>
        </Button>
      )}
    </>
  );
}
