import "server-only";
import { csvHeaders, csvLine } from "../csv";
import type { Cursor } from "../cursor";
import { logProblem } from "../vault/http/log";
import { toProblem } from "../vault/http/respond";
import type { Owner } from "../vault/types";
import { type EventRow, readEvents } from "./events";
import type { ActivityFilter } from "./filter";

/** What the database's API gives at a time. */
const PAGE_SIZE = 1_000;

const COLUMNS = [
  "time",
  "actor",
  "action",
  "key",
  "subject",
  "details",
  "actor_id",
  "subject_id",
  "import_id",
  "id",
] as const;

/** An event as files have it: `time` is ISO 8601 in UTC. */
function entry({ created_at, actor_email, subject_email, ...event }: EventRow) {
  return { time: created_at, actor: actor_email, subject: subject_email, ...event };
}

const FORMATS = {
  csv: {
    head: csvLine(COLUMNS),
    line: (row: EventRow) => {
      const { details, ...texts } = entry(row);
      const cells = { ...texts, details: details && JSON.stringify(details) };
      return csvLine(COLUMNS.map((column) => cells[column] ?? ""));
    },
    headers: csvHeaders,
  },
  // https://jsonlines.org
  jsonl: {
    head: "",
    line: (row: EventRow) => `${JSON.stringify(entry(row))}\n`,
    headers: (filename: string) => ({
      ...csvHeaders(filename),
      "Content-Type": "application/jsonl; charset=utf-8",
    }),
  },
};
export type ExportFormat = keyof typeof FORMATS;

/** Pages of a log, what came with imports included. Before each one it is asked whether the person still may. */
async function* pagesOf(authorise: () => Promise<Owner>, filter: ActivityFilter): AsyncGenerator<EventRow[]> {
  let before: Cursor | undefined;
  do {
    const page = await readEvents(await authorise(), PAGE_SIZE, { ...filter, before, withParts: true });
    yield page;
    before = page.length === PAGE_SIZE ? page.at(-1) : undefined;
  } while (before);
}

/**
 * Everything in a log that a filter shows, as a file that is sent while it is read. Where a later page cannot be read,
 * or the person may no longer, the connection breaks off, so that nobody takes a part for all of it.
 *
 * @param authorise whose log it is, asked again before each page
 * @throws Problem of `authorise` and vault_unavailable, for the first page
 */
export async function exportEvents(
  format: ExportFormat,
  authorise: () => Promise<Owner>,
  filter: ActivityFilter,
): Promise<Response> {
  const { head, line, headers } = FORMATS[format];
  const pages = pagesOf(authorise, filter);
  // Read before the reply begins, which can then still be an error.
  let read: IteratorResult<EventRow[]> | undefined = await pages.next();
  let begin = head;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const page = read ?? (await pages.next());
          read = undefined;
          if (page.done) return controller.close();
          controller.enqueue(new TextEncoder().encode(begin + page.value.map(line).join("")));
          begin = "";
        } catch (error) {
          const problem = toProblem(error);
          if (problem.status >= 500) logProblem(problem);
          controller.error(problem);
        }
      },
      cancel: () => pages.return(undefined).then(() => undefined),
    },
    // Nothing ahead of the client: who is removed gets no page that was not asked for before.
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: headers(`activity-${new Date().toISOString().slice(0, 10)}.${format}`),
  });
}
