import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { Header } from "@/components/layout/Header";
import { OperatorContent } from "@/components/operator/OperatorContent";
import { UsageSkeleton } from "@/components/usage/UsageSkeleton";
import { getOperator } from "@/lib/operator/access";
import { listOperatorEvents } from "@/lib/operator/events";
import { readOperatorReport } from "@/lib/operator/report";
import { listTeams } from "@/lib/teams/membership";
import type { SessionUser } from "@/lib/vault/session/session";
import { OPERATOR_PAGE } from "@/lib/workspace/href";

// Every address that no other file has, and /operator among them: a folder of its own would be named in what Next sends
// along with its "not found", which would then differ from that of an unknown address.

type Props = PageProps<"/[...path]">;

/**
 * The person who may see what is at this address; null for everybody else, and where there is nothing. Asked in the same
 * steps at every address, because the parts of a reply are in the order in which they are ready.
 */
async function viewerOf({ params }: Props): Promise<SessionUser | null> {
  const [{ path }, operator] = await Promise.all([params, getOperator()]);
  return `/${path.join("/")}` === OPERATOR_PAGE ? operator : null;
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return (await viewerOf(props)) ? { title: "Operator" } : { title: "Page not found" };
}

export default async function OperatorPage(props: Props) {
  const operator = await viewerOf(props);
  if (!operator) notFound();
  const teams = await listTeams(operator.id);
  return (
    <>
      <Header workspace={{ user: operator, team: null, teams }} page="operator" />
      <Suspense fallback={<UsageSkeleton title="Operator" />}>
        <Operator id={operator.id} />
      </Suspense>
    </>
  );
}

async function Operator({ id }: { id: string }) {
  const [report, events] = await Promise.all([readOperatorReport(id), listOperatorEvents(id)]);
  return <OperatorContent report={report} events={events} />;
}
