import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { signIn, signUp } from "./actions";

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<{ mode?: string; error?: string }>;
}) {
  const { mode, error } = await searchParams;
  const isNew = mode === "sign-up";
  return (
    <main className="mx-auto max-w-sm p-6">
      <Card heading={isNew ? "Sign up" : "Sign in"}>
        {error && <p role="alert">{error}</p>}
        <form action={isNew ? signUp : signIn} className="flex flex-col gap-4">
          <Input label="E-mail" name="email" type="email" />
          <Input label="Password" name="password" type="password" />
          <Button kind="strong" text={isNew ? "Create account" : "Sign in"} />
        </form>
      </Card>
    </main>
  );
}
