/** A model's name, taken apart. */
interface ModelName {
  /** As the provider writes it, without a date, e.g. "claude-opus-4-5". */
  model: string;
  /** Whether it is the provider itself that sells it: other clouds ask 10% more for some regions. */
  isFirstHand: boolean;
}

// Anthropic writes claude-opus-4-5-20251101 and claude-opus-4-5, OpenRouter and LiteLLM anthropic/claude-opus-4.5, and
// both charge the same. Bedrock writes us.anthropic.claude-opus-4-5-20251101-v1:0, Vertex AI claude-opus-4-5@20251101.
// The groups are the seller, the model, the date, and the revision.
const FORM =
  /^(anthropic\/|(?:bedrock\/)?(?:[a-z-]{2,6}\.)?anthropic\.|vertex_ai\/)?(claude-[a-z0-9.-]+?)([-@]20\d{6})?(?:-latest)?(-v\d(?::\d)?)?$/;

/** @returns null for what is not a name in one of the forms above */
export function readModelName(name: string): ModelName | null {
  const [, seller = "", model, date = "", revision] = FORM.exec(name.trim().toLowerCase()) ?? [];
  if (!model) return null;
  return {
    model: plainName(model),
    isFirstHand: /^(?:anthropic\/)?$/.test(seller) && !date.startsWith("@") && revision === undefined,
  };
}

/** "claude-opus-4.5" is "claude-opus-4-5". */
export const plainName = (model: string) => model.replace(/(?<=\d)\.(?=\d)/g, "-");
