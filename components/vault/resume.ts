import type { SecretMetadata } from "@/lib/vault/types";
import type { SecretDraft } from "./draft";
import type { OpenDialog } from "./useVaultDialogs";

const VALUE_NOT_KEPT = "The value isn't kept when you sign in. Enter it again.";

/** The dialog that a draft was made in, about the state that the person saw then. */
export function resume(draft: SecretDraft, secrets: readonly SecretMetadata[]): OpenDialog {
  const { key, edit } = draft;
  if (!edit) return { kind: "add", draft, notice: VALUE_NOT_KEPT };
  const present = secrets.find((secret) => secret.key === key);
  if (!present) {
    const notice = `${key} was deleted while you were signed out. To add it again, enter its value.`;
    return { kind: "add", draft, notice };
  }
  const { withValue, ...seen } = edit;
  return {
    ...{ kind: "edit", secret: { ...present, ...seen }, replaceValue: withValue, draft },
    ...(withValue && { notice: VALUE_NOT_KEPT }),
  };
}
