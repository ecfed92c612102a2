import type { FormState } from "@/components/sign-in/formState";
import { Alert, AlertDescription } from "@/components/vault/ui/alert";

/** Why a form as a whole was refused. */
export function FormFailure({ failure }: { failure: FormState["failure"] }) {
  if (!failure) return null;
  return (
    <Alert variant="destructive" id="login-error">
      <AlertDescription>{failure.message}</AlertDescription>
    </Alert>
  );
}
