import { z } from "zod";
import { uuid } from "../vault/schema";
import { MAX_PROMPT_CHARS, MAX_TEXT_CHARS } from "./types";

/** A text of a person's: neither empty, nor longer than so many characters, nor broken. */
export const writing = (what: string, max: number) =>
  z
    .string(`The ${what} must be text.`)
    .max(max, `The ${what} can have at most ${max.toLocaleString("en-US")} characters.`)
    .refine((text) => text.trim() !== "", `The ${what} is empty.`)
    .refine((text) => text.isWellFormed(), `The ${what} contains broken characters. Copy it again.`);

/** The one layer whose key is used this time, because the person said so. */
const source = z.enum(["user", "team", "env"], "source must be user, team, or env.");

/** Which of those there are is for lib/reveal/model.ts to say. */
const model = z.string("The model must be text.").max(100, "The model's name is too long.");

const options = {
  /** Chosen by the page, so that it finds the run even if the reply does not come. */
  id: uuid.optional(),
  team_id: uuid.optional(),
  source: source.optional(),
  model: model.optional(),
};

/** The body of `POST /api/reveal/run`. */
export const runBody = z.strictObject({ prompt: writing("prompt", MAX_PROMPT_CHARS), ...options });

/** The body of `POST /api/reveal/analyze`. */
export const analyzeBody = z.strictObject({ text: writing("text", MAX_TEXT_CHARS), ...options });

/** Bytes of a body whose text may be so long: in JSON a character is at most \uXXXX, and the other members are short. */
export const bodyLimit = (chars: number) => 6 * chars + 1_000;
export const MAX_RUN_BYTES = bodyLimit(MAX_PROMPT_CHARS);
export const MAX_ANALYZE_BYTES = bodyLimit(MAX_TEXT_CHARS);

/** What the model is asked to answer with. The descriptions go to the model. */
export const analysis = z.object({
  title: z.string().min(1).describe("What the text is, in at most ten words."),
  summary: z.string().min(1).describe("What the text says, in two to five sentences."),
  findings: z
    .array(
      z.object({
        title: z.string().min(1).describe("The finding in at most ten words."),
        explanation: z.string().min(1).describe("Why it is noteworthy, in one to three sentences."),
        quote: z
          .string()
          .min(1)
          .describe(
            "The passage that shows it: one to three sentences, copied from the text character by character.",
          ),
      }),
    )
    .describe("What a careful reader should notice, the most important first; at most ten."),
  open_questions: z.array(z.string().min(1)).describe("What the text leaves open; at most five."),
});
