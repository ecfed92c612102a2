import { Suspense } from "react";
import { signIn, signUp } from "./actions";

interface Props {
  searchParams: Promise<{ mode?: string; error?: string }>;
}

export default function LoginPage(props: Props) {
  return (
    <main className="mx-auto flex max-w-sm flex-col gap-4 p-6">
      <Suspense>
        <LoginForm {...props} />
      </Suspense>
    </main>
  );
}

async function LoginForm({ searchParams }: Props) {
  const { mode, error } = await searchParams;
  const isNew = mode === "sign-up";
  return (
    <>
      <h1>{isNew ? "Sign up" : "Sign in"}</h1>
      {error && <p role="alert">{error}</p>}
      <form action={isNew ? signUp : signIn} className="flex flex-col gap-4">
        <label className="flex flex-col">
          E-mail
          <input name="email" type="email" required className="border" />
        </label>
        <label className="flex flex-col">
          Password
          <input name="password" type="password" required className="border" />
        </label>
        <button type="submit" className="border p-2">
          {isNew ? "Create account" : "Sign in"}
        </button>
      </form>
    </>
  );
}
