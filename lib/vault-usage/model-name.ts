/** A model's name, taken apart. */
interface ModelName {
  /** As the provider writes it, without a date, e.g. "claude-opus-4-5". */
  model: string;
  /** Whether it is the provider itself that sells it: other clouds ask 10% more for some regions. */
  isFirstHand: boolean;
}

// Anthropic writes claude-opus-4-5-20251101 and claude-opus-4-5, OpenRouter and LiteLLM anthropic/claude-opus-4.5, and
// both charge the same. Bedrock writes us.anthropic.claude-opus-4-5-20251101-v1:0, Vertex AI claude-opus-4-5@20251101.
const FORM =
  /^(?<seller>anthropic\/|(?:bedrock\/)?(?:[a-z-]{2,6}\.)?anthropic\.|vertex_ai\/)?(?<model>claude-[a-z0-9.-]+?)(?<date>[-@]20\d{6})?(?:-latest)?(?<revision>-v\d(?::\d)?)?$/;

/** @returns null for what is not a name in one of the forms above */
export function readModelName(name: string): ModelName | null {
  const groups = FORM.exec(name.trim().toLowerCase())?.groups;
  if (!groups?.model) return null;
  const { seller = "", date = "", revision } = groups;
  return {
    model: plainName(groups.model),
    isFirstHand: /^(?:anthropic\/)?$/.test(seller) && !date.startsWith("@") && revision === undefined,
  };
}

/** "claude-opus-4.5" is "claude-opus-4-5". */
export const plainName = (model: string) => model.replace(/(?<=\d)\.(?=\d)/g, "-");
