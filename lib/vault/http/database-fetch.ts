import { boundedFetch } from "./bounded-fetch";
import { failureOf, failureOfAnswer } from "./cause";

/**
 * `fetch` for a Supabase client that asks the database. From an error, supabase-js takes the members of PostgREST's JSON and
 * nothing else: of an answer of the gateway's, or a connection that failed, only a message would be left, which no log
 * may have. Here each of them has a name, a code, and a status.
 */
export const databaseFetch: typeof fetch = async (input, init) => {
  try {
    const answer = await boundedFetch(input, init);
    return answer.ok ? answer : await described(answer);
  } catch (error) {
    return Response.json({ ...NO_ANSWER, ...failureOf(error) }, { status: 503 });
  }
};

/** All members that supabase-js's type has. */
const NO_ANSWER = { message: "No answer.", code: "", details: "", hint: "" };

async function described(answer: Response): Promise<Response> {
  const text = await answer.text();
  // supabase-js takes these for "no rows".
  if (answer.status === 404 && (text === "" || text.startsWith("["))) return copyOf(answer, text);
  const body = parsed(text);
  return copyOf(
    answer,
    JSON.stringify({ ...NO_ANSWER, ...body, ...failureOfAnswer(answer, body, "PostgrestError") }),
  );
}

const copyOf = ({ status, statusText, headers }: Response, text: string) =>
  new Response(text, { status, statusText, headers });

function parsed(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
