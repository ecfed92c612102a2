"use client";

import { useEffect, useState } from "react";
import { Alert, AlertDescription } from "@/components/vault/ui/alert";
import { NOTICES, type Notice, type NoticeName, noticeOfFragment } from "@/lib/auth/notices";

/**
 * What happened before somebody came to this page.
 *
 * @param name from the address, where the server knows it; else a browser looks behind the address's #
 */
export function NoticeAlert({ name, isSignedIn = false }: { name: NoticeName | null; isSignedIn?: boolean }) {
  const [inFragment, setInFragment] = useState<NoticeName | null>(null);
  useEffect(() => {
    const fragment = window.location.hash.slice(1);
    if (fragment === "") return;
    setInFragment(noticeOfFragment(fragment));
    // It may hold a session, which must not stay in the history.
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }, []);
  const shown = name ?? inFragment;
  if (shown === null) return null;
  const { fact, advice, link }: Notice = NOTICES[shown];
  return (
    <Alert>
      <AlertDescription>
        <p>
          {fact} {!isSignedIn && advice}{" "}
          {link && (
            <a href={link.href} className="whitespace-nowrap underline underline-offset-4">
              {link.text}
            </a>
          )}
        </p>
      </AlertDescription>
    </Alert>
  );
}
