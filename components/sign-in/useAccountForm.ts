import { type FormEvent, useEffect, useRef, useState } from "react";
import type { FormState } from "@/components/sign-in/formState";
import { submit } from "@/components/sign-in/submit";
import { type Field, fieldOf, isTooLong, TOO_LONG } from "@/lib/auth/fields";

const tooLong = { code: "password_too_long", message: TOO_LONG };

/**
 * What the forms on the way in have in common. Without scripts, or before they have loaded, the browser sends a form as
 * it is; with them, the page stays, and so does what is in the fields.
 *
 * @param initial what a submission before the scripts had loaded has left
 * @param isNew whether the password is a new one, which is held to the rules
 */
export function useAccountForm(initial: FormState, isNew: boolean) {
  const form = useRef<HTMLFormElement>(null);
  const [failure, setFailure] = useState(initial.failure);
  const [pending, setPending] = useState(false);

  useEffect(() => {
    // Come back to as it was left, on its way to another page.
    const onShow = (event: PageTransitionEvent) => event.persisted && setPending(false);
    window.addEventListener("pageshow", onShow);
    return () => window.removeEventListener("pageshow", onShow);
  }, []);

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    if (failure === tooLong) return fieldsOf(form.current).password?.focus();
    setPending(true);
    setFailure(undefined);
    const refused = await submit(event.currentTarget);
    if (!refused) return;
    setFailure(refused);
    setPending(false);
    const fields = fieldsOf(form.current);
    const about = fields[fieldOf(refused.code) ?? "password"];
    if (about && ["invalid_credentials", "wrong_code"].includes(refused.code)) about.value = "";
    (about ?? fields.email ?? fields.code)?.focus();
  }

  const field = failure && fieldOf(failure.code);

  /** Once a field is changed, what was said of it no longer holds. */
  function look(name: Field, text: string) {
    if (isNew && name === "password" && isTooLong(text)) setFailure(tooLong);
    else if (field === name) setFailure(undefined);
  }

  /** What a field shows: what is wrong with it, and where its form's failure is. */
  const stateOf = (name: Field) => ({
    complaint: field === name ? failure?.message : undefined,
    describedBy: failure && !field ? "login-error" : undefined,
    // Set by the server, so that a browser without scripts goes there as well.
    autoFocus: initial.failure !== undefined && fieldOf(initial.failure.code) === name,
  });

  return { form, send, look, stateOf, pending, failure: field ? undefined : failure };
}

function fieldsOf(form: HTMLFormElement | null): Partial<Record<Field, HTMLInputElement>> {
  return Object.fromEntries([...(form?.querySelectorAll("input") ?? [])].map((input) => [input.name, input]));
}
