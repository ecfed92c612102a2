import type { Metadata } from "next";
import { Header } from "@/components/layout/Header";
import { NewTeamForm } from "@/components/teams/NewTeamForm";
import { Card, CardContent, CardDescription, CardHeader } from "@/components/vault/ui/card";
import { loadWorkspace, type SearchParams } from "@/lib/workspace/load";

export const metadata: Metadata = { title: "New team" };

export default async function NewTeamPage({ searchParams }: { searchParams: SearchParams }) {
  const workspace = await loadWorkspace(searchParams, "dashboard");
  return (
    <>
      <Header workspace={workspace} page={undefined} />
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-lg px-4 py-5 sm:px-6 lg:py-12">
        <Card>
          <CardHeader>
            <h1 className="text-lg font-semibold leading-tight">New team</h1>
            <CardDescription>
              A team has keys that all its members can use but only its admins can see. You'll be its first
              admin and invite others by link.
            </CardDescription>
          </CardHeader>
          <CardContent>
            <NewTeamForm />
          </CardContent>
        </Card>
      </main>
    </>
  );
}
