"use client";

import { useState } from "react";
import { Button } from "@/components/vault/ui/button";
import type { Person } from "@/lib/operator/types";
import { LimitDialog } from "./LimitDialog";
import { describeLimit, nameOf } from "./words";

/** A table's cell with a person's limit, and the way to another one. Deleted accounts have none. */
export function LimitCell({ person, usual }: { person: Person; usual: number }) {
  const [isOpen, setIsOpen] = useState(false);
  const isDeleted = person.user_id === null || person.email === null;
  return (
    <td className="whitespace-nowrap px-3 py-1 text-right tabular-nums">
      {isDeleted ? (
        "–"
      ) : (
        <>
          {describeLimit(person.own_limit, usual)}
          <Button
            variant="ghost"
            size="sm"
            className="ml-1"
            aria-label={`Change the limit for ${nameOf(person)}`}
            onClick={() => setIsOpen(true)}
          >
            Change
          </Button>
        </>
      )}
      {isOpen && <LimitDialog person={person} usual={usual} onClose={() => setIsOpen(false)} />}
    </td>
  );
}
