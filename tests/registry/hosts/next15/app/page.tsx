import { KeyRound } from "lucide-react";
import Link from "next/link";
import { SecretList } from "@/components/SecretList";
import { Badge } from "@/components/ui/badge";

export default function HomePage() {
  return (
    <main className="flex flex-col gap-3 p-6">
      <h1>Host with Next 15</h1>
      <SecretList words={["open", "sesame"]} />
      <Badge tone="calm">A badge of this app</Badge>
      <Link href="/vault">
        <KeyRound aria-hidden /> Vault
      </Link>
    </main>
  );
}
