import { UserX } from "lucide-react";
import { Alert, AlertDescription, AlertTitle } from "@/components/vault/ui/alert";

/** For somebody who was removed, or whose team was deleted, while a page of it was open. */
export function LeftTeamNotice() {
  return (
    <Alert className="lg:col-span-2">
      <UserX aria-hidden />
      <AlertTitle>You are not in this team any more</AlertTitle>
      <AlertDescription>
        <p>
          You were removed, or the team was deleted. Its keys are out of your reach. Your own keys and your
          past runs are where they were.
        </p>
        {/* A full load: nothing of the team stays in memory. */}
        <a href="/dashboard" className="underline underline-offset-4">
          Go to your own workspace
        </a>
      </AlertDescription>
    </Alert>
  );
}
