/** What the stand-in answers with when nothing is wrong: invented, and every text says so. */

export const NOTICE = "This is a simulation: no model was asked and nothing is billed.";

export interface Usage {
  input_tokens: number;
  output_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
}

export interface Reply {
  text: string;
  model: string;
  inputTokens: number;
  stopReason: "end_turn" | "refusal";
}

/** The list at `GET /v1/models`. */
export const MODELS = {
  data: [
    {
      type: "model",
      id: "claude-simulated",
      display_name: `Simulated model. ${NOTICE}`,
      created_at: "2026-01-01T00:00:00Z",
      lifecycle: "active",
      line: null,
      capabilities: null,
      max_input_tokens: null,
      max_tokens: null,
      deprecated_at: null,
      retires_at: null,
    },
  ],
  has_more: false,
  first_id: "claude-simulated",
  last_id: "claude-simulated",
};

/** An answer to this Messages request. */
export function composeReply(body: Record<string, unknown>, apiKey: string): Reply {
  const prompt = promptOf(body);
  const format = (body.output_config as { format?: { type?: unknown } } | undefined)?.format;
  let text = answerTo(prompt);
  if (format?.type === "json_schema") text = JSON.stringify(analysisOf(prompt, apiKey));
  if (apiKey.includes("slow")) text = `${NOTICE} ${"And so on. ".repeat(60)}`;
  const stopReason = apiKey.includes("declined") ? "refusal" : "end_turn";
  return { text, model: String(body.model), inputTokens: tokens(prompt), stopReason };
}

/** Markdown, as models write it: with a table or code where the prompt asks for them, else with a list. */
function answerTo(prompt: string): string {
  const words = prompt.trim().split(/\s+/).slice(0, 6).join(" ").slice(0, 80);
  const parts = [/\btables?\b/i.test(prompt) && TABLE, /\bcode\b/i.test(prompt) && CODE].filter(Boolean);
  return [`${NOTICE} You wrote: “${words}…”`, ...(parts.length > 0 ? parts : [LIST])].join("\n\n");
}

const LIST = `- A model's answer would appear here.
- It is **Markdown**; ask for a table or for \`code\` to see more of it.
- It would arrive in pieces, as this one does.`;

const TABLE = `## A table

| Part  | Holds                        | Files |
| ----- | ---------------------------- | ----: |
| vault | keys, encrypted              |    12 |
| teams | who may use a team's keys    |     8 |
| usage | what was asked, and its cost |     6 |`;

const CODE = `## Some code

\`\`\`ts
/** What a run costs, in US dollars. */
export function costOf(tokens: number, pricePerMillion: number): number {
  return (tokens / 1_000_000) * pricePerMillion;
}
\`\`\`

It reads better with a name for \`1_000_000\`.`;

/** An analysis in the form that Reveal asks for, whose quotes really are in the text. */
function analysisOf(text: string, apiKey: string) {
  if (apiKey.includes("badjson")) return { title: NOTICE, findings: "none" };
  const quotes = text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim().slice(0, 200))
    .filter(Boolean)
    .slice(0, 3);
  if (apiKey.includes("misquote")) quotes.push("Nobody ever wrote this sentence into that text.");
  return {
    title: "Simulated analysis",
    summary: `${NOTICE} The text has ${text.length} characters.`,
    findings: quotes.map((quote, index) => ({
      title: `Simulated finding ${index + 1}`,
      explanation: `${NOTICE} A model would say here what is remarkable about this passage.`,
      quote,
    })),
    open_questions: [`What would a model ask here? (${NOTICE})`],
  };
}

/** The Messages API's message; without a reason to stop, as it is when the answer begins. */
export function messageOf(reply: Reply, content: object[], stopReason: string | null) {
  return {
    id: `msg_simulated_${crypto.randomUUID()}`,
    type: "message",
    role: "assistant",
    model: reply.model,
    content,
    container: null,
    diagnostics: null,
    stop_details: null,
    stop_reason: stopReason,
    stop_sequence: null,
    usage: usageOf(reply, stopReason === null ? 1 : tokens(reply.text)),
  };
}

export const usageOf = (reply: Reply, outputTokens = tokens(reply.text)): Usage => ({
  input_tokens: reply.inputTokens,
  output_tokens: outputTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
});

/** Invented, as everything here is: about four characters a token. */
const tokens = (text: string) => Math.ceil(text.length / 4);

/** The text of the last message. */
export function promptOf(body: Record<string, unknown>): string {
  const last = (body.messages as { content?: unknown }[]).at(-1)?.content;
  if (typeof last === "string") return last;
  if (!Array.isArray(last)) return "";
  return last
    .map((block: { text?: unknown }) => (typeof block.text === "string" ? block.text : ""))
    .join("\n");
}
