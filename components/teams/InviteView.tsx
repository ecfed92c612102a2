"use client";

import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { describeTimeLeft } from "@/components/shared/timeLeft";
import { Skeleton } from "@/components/ui/skeleton";
import { Button } from "@/components/vault/ui/button";
import { CardContent, CardHeader } from "@/components/vault/ui/card";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { InvitePreview, TeamSummary } from "@/lib/teams/types";
import { type ApiError, asApiError, callApi } from "@/lib/vault/http/client";
import { pageHref } from "@/lib/workspace/href";
import { keepInviteSecret, takeInviteSecret } from "./inviteSecret";

type View =
  | { kind: "looking" }
  | { kind: "none" }
  | { kind: "signed-out" }
  | { kind: "failed"; secret: string; failure: ApiError }
  | { kind: "invited"; secret: string; invite: InvitePreview };

/**
 * An invitation, and the button to accept it.
 *
 * @param email of the person who is signed in; null for nobody
 */
export function InviteView({ email }: { email: string | null }) {
  const [view, setView] = useState<View>({ kind: "looking" });
  const started = useRef(false);

  const show = useCallback((secret: string, failure: ApiError) => {
    if (failure.code !== "unauthenticated") return setView({ kind: "failed", secret, failure });
    keepInviteSecret(secret);
    setView({ kind: "signed-out" });
  }, []);

  const look = useCallback(
    async (secret: string) => {
      setView({ kind: "looking" });
      try {
        const invite = await callApi<InvitePreview>("POST", "/api/invites", { token: secret });
        setView({ kind: "invited", secret, invite });
      } catch (error) {
        show(secret, asApiError(error));
      }
    },
    [show],
  );

  useEffect(() => {
    function start() {
      const secret = takeInviteSecret();
      if (!secret) return setView({ kind: "none" });
      if (email !== null) return void look(secret);
      keepInviteSecret(secret);
      setView({ kind: "signed-out" });
    }
    // Once: what was taken is not there a second time.
    if (!started.current) start();
    started.current = true;
    // Another link, entered while this page is open, loads nothing by itself.
    const onHashChange = () => window.location.hash && start();
    window.addEventListener("hashchange", onHashChange);
    return () => window.removeEventListener("hashchange", onHashChange);
  }, [email, look]);

  if (view.kind === "looking") {
    return (
      <Frame title="Invitation" busy>
        <p role="status" className="sr-only">
          Checking the invitation…
        </p>
        <Skeleton className="h-4 w-full" />
        <Skeleton className="h-9 w-full" />
      </Frame>
    );
  }
  if (view.kind === "none") {
    return (
      <Frame title="Open your link again">
        <p>To see an invitation, open its link. This page doesn't keep it.</p>
        <Button asChild variant="outline">
          <a href="/">Go to your workspace</a>
        </Button>
      </Frame>
    );
  }
  if (view.kind === "signed-out") {
    return (
      <Frame title="You're invited to a team">
        <p>Sign in to see which team it is and to join it. You'll return here afterward.</p>
        <Button asChild>
          <a href="/login?next=invite">Sign in</a>
        </Button>
        <Button asChild variant="outline">
          <a href="/login?mode=sign-up&next=invite">Create an account</a>
        </Button>
      </Frame>
    );
  }
  if (view.kind === "failed") {
    const isOver = view.failure.code === "invite_not_found" || view.failure.code === "invalid_request";
    return (
      <Frame title={isOver ? "This invitation isn't valid" : "The invitation can't be shown right now"}>
        <p role="alert">
          {isOver
            ? "It was used, was revoked, or has expired. Ask a team admin for a new link."
            : view.failure.message}
        </p>
        {!isOver && <Button onClick={() => look(view.secret)}>Try again</Button>}
        <Button asChild variant="outline">
          <a href={pageHref("dashboard", null)}>Go to your workspace</a>
        </Button>
      </Frame>
    );
  }
  if (view.invite.already_member && view.invite.team_id) {
    return (
      <Frame title={`You're already in ${view.invite.team_name}`}>
        <Button asChild>
          <a href={pageHref("dashboard", view.invite.team_id)}>Open the team</a>
        </Button>
      </Frame>
    );
  }
  return (
    <Invitation
      email={email ?? ""}
      invite={view.invite}
      secret={view.secret}
      onLost={(failure) => show(view.secret, failure)}
    />
  );
}

interface InvitationProps {
  email: string;
  invite: InvitePreview;
  secret: string;
  /** The invitation or the session has ended. */
  onLost: (failure: ApiError) => void;
}

function Invitation({ email, invite, secret, onLost }: InvitationProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);

  async function join() {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      const { team } = await callApi<{ team: TeamSummary }>("POST", "/api/invites/accept", { token: secret });
      // In the place of this page, which has nothing more to show.
      window.location.replace(pageHref("dashboard", team.id));
    } catch (error) {
      const refused = asApiError(error);
      if (["invite_not_found", "unauthenticated"].includes(refused.code)) return onLost(refused);
      setFailure(refused);
      setBusy(false);
    }
  }

  const role = invite.role === "admin" ? "an admin" : "a member";
  return (
    <Frame title={`Join ${invite.team_name}`}>
      <p>
        <strong className="font-medium">{invite.invited_by || "An admin"}</strong> invited you to join{" "}
        <strong className="font-medium">{invite.team_name}</strong> as {role}. The invitation expires{" "}
        <RelativeTime iso={invite.expires_at} inWords={describeTimeLeft} />.
      </p>
      <p className="text-muted-foreground">
        {invite.role === "admin"
          ? "You'll be able to see and change the team's keys and manage its members."
          : "You'll see which keys the team has, but not their values."}{" "}
        The team will see your e-mail address, {email}, and its admins will see the usage of your runs in the
        team.
      </p>
      <Button onClick={join} aria-disabled={busy}>
        {busy ? "Joining…" : "Join"}
      </Button>
      <Failure failure={failure} />
      <Button asChild variant="outline">
        <a href={pageHref("dashboard", null)}>Not now</a>
      </Button>
    </Frame>
  );
}

function Frame({ title, busy, children }: { title: string; busy?: boolean; children: ReactNode }) {
  return (
    <>
      <CardHeader>
        <h1 className="text-lg font-semibold leading-tight [overflow-wrap:anywhere]">{title}</h1>
      </CardHeader>
      <CardContent aria-busy={busy} className="flex flex-col gap-4 text-sm [overflow-wrap:anywhere]">
        {children}
      </CardContent>
    </>
  );
}
