"use client";

import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { AccountSession } from "@/lib/account/types";
import { asApiError, callApi } from "@/lib/vault/http/client";
import { leaveFor } from "./leaveFor";

/** Where the person is signed in, and how to end that. */
export function SessionsCard({ sessions }: { sessions: readonly AccountSession[] }) {
  const id = useId();
  const router = useRouter();
  const [question, setQuestion] = useState<"others" | "global" | null>(null);
  const others = sessions.filter(({ is_current }) => !is_current).length;

  async function end(scope: "others" | "global") {
    try {
      await callApi("DELETE", `/api/account/sessions?scope=${scope}`);
    } catch (error) {
      return asApiError(error);
    }
    if (scope === "global") return leaveFor("/login");
    toast.success("Signed out everywhere else");
    router.refresh();
    return null;
  }

  const close = () => setQuestion(null);
  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`} tabIndex={-1} className="focus-visible:outline-hidden">
          Sessions
        </CardTitle>
        <CardDescription>
          Where you're signed in. If you don't recognize a session, change your password.
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-4">
        <ul className="divide-y rounded-lg border">
          {sessions.map((session) => (
            <li key={session.id} className="px-3 py-2.5 text-sm">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
                {session.device ?? (session.is_current ? "This browser" : "Another session")}
                {session.is_current && session.device !== null && <Badge>This browser</Badge>}
              </p>
              <p className="text-muted-foreground">
                Signed in <RelativeTime iso={session.created_at} />
                {session.used_at !== session.created_at && (
                  <>
                    , last used <RelativeTime iso={session.used_at} />
                  </>
                )}
              </p>
            </li>
          ))}
        </ul>
        <div className="flex flex-wrap gap-2">
          {others > 0 && (
            <Button variant="outline" onClick={() => setQuestion("others")}>
              Sign out everywhere else
            </Button>
          )}
          <Button variant="outline" onClick={() => setQuestion("global")}>
            Sign out everywhere
          </Button>
        </div>
      </CardContent>
      {question === "others" && (
        <ConfirmDialog
          title="Sign out everywhere else?"
          action="Sign out everywhere else"
          working="Signing out…"
          onConfirm={() => end("others")}
          onClose={close}
          focusAfter={() => document.getElementById(`${id}-title`)}
        >
          All sessions except this one end with their next request.
        </ConfirmDialog>
      )}
      {question === "global" && (
        <ConfirmDialog
          title="Sign out everywhere?"
          action="Sign out everywhere"
          working="Signing out…"
          onConfirm={() => end("global")}
          onClose={close}
        >
          All your sessions end, including this one. You'll need to sign in again.
        </ConfirmDialog>
      )}
    </Card>
  );
}
