import "server-only";
import type { Metadata } from "next";
import { unstable_rethrow } from "next/navigation";
import type { PageName } from "./href";
import { loadWorkspace, type SearchParams } from "./load";

/**
 * A page's `generateMetadata` that names the page and the workspace: "Usage · Acme". The layout adds the app.
 *
 * @param name what the page is called
 */
export function workspaceTitle(name: string, page: PageName) {
  return async ({ searchParams }: { searchParams: SearchParams }): Promise<Metadata> => {
    try {
      const { team } = await loadWorkspace(searchParams, page);
      return { title: `${name} · ${team?.name ?? "Personal"}` };
    } catch (error) {
      unstable_rethrow(error);
      // The page itself has the words for it.
      return { title: name };
    }
  };
}
