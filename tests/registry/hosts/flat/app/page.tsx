import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { post } from "@/lib/http/client";
import { cn } from "@/lib/utils";
import type { Note } from "@/types/database";

const example: Note = { id: 1, text: "Notes are kept here." };

export default function HomePage() {
  return (
    <main className={cn("p-6", typeof post === "function" && "flex flex-col gap-3")}>
      <h1>Flat host</h1>
      <p>{example.text}</p>
      <Badge tone="calm">A badge of this app</Badge>
      <Link href="/vault">Vault</Link>
    </main>
  );
}
