import { z } from "zod";
import { env } from "@/lib/env";
import { bodyLimit, writing } from "@/lib/reveal/schema";
import { receive } from "@/lib/vault/access";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { uuid } from "@/lib/vault/schema";
import { boundedFetch } from "@/lib/vault-usage/bounded-fetch";
import { usageProblem } from "@/lib/vault-usage/errors";
import { providerError } from "@/lib/vault-usage/provider-problem";
import { receiptOf } from "@/lib/vault-usage/receipt";
import { withKey } from "@/lib/vault-usage/with-key";

/** Seconds that a host like Vercel gives the request. */
export const maxDuration = 300;

const MAX_CHARS = 20_000;
const INSTRUCTIONS = "Summarize the next message in at most three sentences, in its own language.";
const CALL = { feature: "summarize", key: "OPENAI_API_KEY", maxOutput: 2_000, minOutput: 500 };
const bodySchema = z.strictObject({ text: writing("text", MAX_CHARS), team_id: uuid.optional() });

/** Summarizes a text on the nearest key, at OpenAI or what the operator has in its place. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, bodySchema, bodyLimit(MAX_CHARS));
    const { baseUrl, model } = env().openai;
    const whose = { userId: user.id, teamId: body.team_id, signal: request.signal };
    const { summary, meter } = await withKey(
      { ...CALL, model, text: body.text, ...whose },
      async (key, meter) => {
        const roles = { system: INSTRUCTIONS, user: body.text };
        const messages = Object.entries(roles).map(([role, content]) => ({ role, content }));
        const reply = await boundedFetch(`${baseUrl}/chat/completions`, {
          method: "POST",
          headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
          body: JSON.stringify({ model: meter.model, max_completion_tokens: meter.maxOutput, messages }),
          redirect: "error",
          signal: meter.signal,
        });
        if (!reply.ok) throw await providerError(reply);
        const answer = await reply.json();
        meter.take(answer);
        const summary = answer?.choices?.[0]?.message?.content;
        if (typeof summary !== "string") throw usageProblem("provider_bad_answer", { source: meter.source });
        return { summary, meter };
      },
    );
    return json({ summary, ...receiptOf(meter) });
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
