"use client";

import { useEffect, useRef, useState } from "react";
import { Alert, AlertDescription, AlertTitle } from "@/components/vault/ui/alert";
import { Button } from "@/components/vault/ui/button";
import { NO_OUTLINE } from "@/components/vault/ui/focus";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import { ApiError } from "@/lib/vault/http/client";
import type { SecretMetadata } from "@/lib/vault/types";

interface ConflictNoticeProps {
  /** The secret as it was when the editor opened it. */
  seen: SecretMetadata;
  /** Asks for the metadata of a secret as it is now; rejects with an ApiError. */
  onRead: (key: string) => Promise<SecretMetadata>;
  onKeepTheirs: (theirs: SecretMetadata | null) => void;
  onSaveMine: (theirs: SecretMetadata | null) => void;
  /** Without a value, a secret that was deleted cannot be made again. */
  canCreate: boolean;
}

/** Somebody changed the secret meanwhile: says what is there now, and offers both. */
export function ConflictNotice({ seen, onRead, onKeepTheirs, onSaveMine, canCreate }: ConflictNoticeProps) {
  const [theirs, setTheirs] = useState<SecretMetadata | null | undefined>();
  const [failed, setFailed] = useState<string | null>(null);
  const notice = useRef<HTMLDivElement>(null);
  const read = useRef(onRead);
  useEffect(() => notice.current?.focus(), []);

  useEffect(() => {
    let current = true;
    read.current(seen.key).then(
      (secret) => current && setTheirs(secret),
      (error) => {
        if (!current) return;
        if (error instanceof ApiError && error.code === "secret_not_found") setTheirs(null);
        else setFailed(error instanceof ApiError ? error.message : "Couldn't load the current version.");
      },
    );
    return () => {
      current = false;
    };
  }, [seen.key]);

  return (
    <Alert ref={notice} tabIndex={-1} className={NO_OUTLINE}>
      <AlertTitle>Someone else changed this first</AlertTitle>
      <AlertDescription>
        {failed && <p>{failed}</p>}
        {theirs === undefined && !failed && <p>Loading the current version…</p>}
        {theirs === null && <p>{seen.key} was deleted while you were editing it.</p>}
        {theirs && (
          <p>
            {seen.key} was changed <RelativeTime iso={theirs.updated_at} />
            {theirs.last_rotated_at === seen.last_rotated_at
              ? ". Its value is the same."
              : ", and its value was replaced."}{" "}
            It is now in {theirs.category},{" "}
            {theirs.description ? `described as “${theirs.description}”` : "without a description"}.
          </p>
        )}
        {theirs !== undefined && (
          <div className="mt-2 flex flex-wrap gap-2">
            <Button variant="outline" size="sm" onClick={() => onKeepTheirs(theirs)}>
              {theirs ? "Keep theirs" : "Leave it deleted"}
            </Button>
            {(theirs || canCreate) && (
              <Button size="sm" onClick={() => onSaveMine(theirs)}>
                {theirs ? "Overwrite with mine" : "Add it again"}
              </Button>
            )}
          </div>
        )}
      </AlertDescription>
    </Alert>
  );
}
