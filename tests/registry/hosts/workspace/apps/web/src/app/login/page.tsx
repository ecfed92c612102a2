import { signIn, signUp } from "./actions";

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<{ mode?: string; error?: string }>;
}) {
  const { mode, error } = await searchParams;
  const isNew = mode === "sign-up";
  return (
    <main className="mx-auto flex max-w-sm flex-col gap-4 p-6">
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
    </main>
  );
}
