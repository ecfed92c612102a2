import Link from "next/link";
import { Logo } from "@/components/layout/Logo";

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center gap-4 px-6 text-center">
      <Logo />
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <Link className="underline underline-offset-4" href="/dashboard">
        Go to the dashboard
      </Link>
    </main>
  );
}
