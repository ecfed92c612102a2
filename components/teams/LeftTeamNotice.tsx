import { UserX } from "lucide-react";
import { Alert, AlertDescription, AlertTitle } from "@/components/vault/ui/alert";

/** For somebody who was removed, or whose team was deleted, while a page of it was open. */
export function LeftTeamNotice() {
  return (
    <Alert className="lg:col-span-2">
      <UserX aria-hidden />
      <AlertTitle>You're no longer in this team</AlertTitle>
      <AlertDescription>
        <p>
          You were removed, or the team was deleted. You can't use its keys anymore. Your own keys and past
          runs haven't changed.
        </p>
        {/* A full load: nothing of the team stays in memory. */}
        <a href="/dashboard" className="underline underline-offset-4">
          Go to your personal workspace
        </a>
      </AlertDescription>
    </Alert>
  );
}
