import { judgeValue } from "@/lib/vault/doubts";
import type { SaveRequest } from "@/lib/vault/requests";
import { explainKeyName, MAX_DESCRIPTION_LENGTH } from "@/lib/vault/rules";
import type { SecretMetadata } from "@/lib/vault/types";
import { dayOf, endOf, isPast } from "./expiry";
import type { Failure } from "./SaveFailure";
import type { SecretFields } from "./useSecretFields";

type Fields = Pick<SecretFields, "key" | "category" | "description" | "useOnly" | "expiresOn">;

interface Options {
  /** The secret that is edited; null for one that is added. */
  secret: SecretMetadata | null;
  /** The new value; undefined where it stays. */
  value: string | undefined;
  /** Whether a doubt about the value is set aside. */
  anyway: boolean;
}

/** The request that saves what was entered, but for the state that it applies to; or what is wrong with it. */
export function toSaveRequest(
  { key, category, description, useOnly, expiresOn }: Fields,
  { secret, value, anyway }: Options,
): { request: Omit<SaveRequest, "if_updated_at"> } | { failure: Failure } {
  const problem = explainKeyName(key);
  if (problem) return { failure: { field: "key", message: problem } };
  const { length } = description.trim();
  if (length > MAX_DESCRIPTION_LENGTH) {
    const message = `The description has ${length} characters. It can have ${MAX_DESCRIPTION_LENGTH}.`;
    return { failure: { field: "description", message } };
  }
  const withValue = value !== undefined;
  const presentDay = dayOf(secret?.details?.expires_at ?? null);
  const changesDay = withValue ? expiresOn !== "" : expiresOn !== presentDay;
  const expires_at = changesDay ? endOf(expiresOn) : undefined;
  if (expires_at && isPast(expires_at)) {
    const message = "That day has passed. Choose a later one, or none.";
    return { failure: { field: "expires", message } };
  }
  const judgement = withValue ? judgeValue(key, value) : null;
  // A secret that is there keeps its name.
  const rightKey = secret ? undefined : judgement?.rightKey;
  if (judgement && "problem" in judgement) {
    return { failure: { field: "value", message: judgement.problem, rightKey } };
  }
  if (judgement && (judgement.isBroken || judgement.rightKey) && !anyway) {
    return { failure: { field: "value", message: judgement.warning, rightKey, canSave: true } };
  }
  const wasUseOnly = secret?.details?.use_only ?? false;
  return {
    request: {
      key,
      value,
      category,
      description: description.trim(),
      use_only: withValue || useOnly !== wasUseOnly ? useOnly : undefined,
      expires_at,
    },
  };
}
