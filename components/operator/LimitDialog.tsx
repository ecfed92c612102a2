"use client";

import { type FormEvent, useId, useState } from "react";
import { toast } from "sonner";
import { formatCount } from "@/components/reveal/words";
import { Failure } from "@/components/shared/Failure";
import { FormDialog } from "@/components/shared/FormDialog";
import { Choice, RadioCard } from "@/components/shared/RadioCard";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { MAX_DAILY_TOKENS, type Person } from "@/lib/operator/types";
import { type ApiError, callApi, invalid } from "@/lib/vault/http/client";
import { useOperatorChange } from "./useOperatorChange";
import { describeAllowance, nameOf } from "./words";

interface LimitDialogProps {
  /** Null to ask whose limit it is. */
  person: Person | null;
  usual: number;
  onClose: () => void;
}

type LimitChoice = "usual" | "number" | "unlimited" | "none";

const NO_EMAIL = invalid("Enter the e-mail address of an account.");
const NO_NUMBER = invalid(`Enter a whole number of tokens, up to ${formatCount(MAX_DAILY_TOKENS)}.`);

function choiceOf(person: Person | null): LimitChoice {
  if (!person?.own_limit) return person ? "usual" : "number";
  const { daily_tokens } = person.own_limit;
  if (daily_tokens === null) return "unlimited";
  return daily_tokens === 0 ? "none" : "number";
}

/** Sets what one person may use a day on the platform's key. */
export function LimitDialog({ person, usual, onClose }: LimitDialogProps) {
  const id = useId();
  const { run, busy } = useOperatorChange();
  const [email, setEmail] = useState("");
  const [choice, setChoice] = useState(choiceOf(person));
  const [number, setNumber] = useState(person?.own_limit?.daily_tokens?.toString() ?? "");
  const [failure, setFailure] = useState<ApiError | null>(null);

  const tokens = Number(number.replace(/[\s,_]/g, ""));
  const isNumber =
    number.trim() !== "" && Number.isInteger(tokens) && tokens >= 0 && tokens <= MAX_DAILY_TOKENS;
  const limits = { usual: "usual" as const, number: tokens, unlimited: null, none: 0 };

  async function save(event: FormEvent) {
    event.preventDefault();
    if (!person && email.trim() === "") return setFailure(NO_EMAIL);
    if (choice === "number" && !isNumber) return setFailure(NO_NUMBER);
    setFailure(null);
    const daily_tokens = limits[choice];
    let isSaved = false;
    const refused = await run(async () => {
      const whose = person ? { user_id: person.user_id } : { email: email.trim() };
      await callApi("PATCH", "/api/operator/limits", { ...whose, daily_tokens });
      isSaved = true;
      const who = person ? nameOf(person) : email.trim();
      toast.success(
        daily_tokens === "usual"
          ? `${who} now has the default limit`
          : `${who} can now use ${describeAllowance({ daily_tokens })}`,
      );
    });
    setFailure(refused);
    if (isSaved) onClose();
  }

  const option = (value: LimitChoice, label: string, detail: string) => (
    <RadioCard name={`${id}-choice`} checked={choice === value} onChange={() => setChoice(value)}>
      <Choice label={label} detail={detail} />
    </RadioCard>
  );

  return (
    <FormDialog
      title={person ? `Limit for ${nameOf(person)}` : "Set a person's limit"}
      description="Tokens per day (UTC) on the platform's key. Applies to new runs."
      busy={busy}
      onSubmit={save}
      onInput={() => setFailure(null)}
      onClose={onClose}
    >
      {!person && (
        <div className="flex flex-col gap-2">
          <Label htmlFor={`${id}-email`}>Account e-mail</Label>
          <Input
            id={`${id}-email`}
            type="email"
            value={email}
            autoComplete="off"
            onChange={(event) => setEmail(event.target.value)}
            aria-invalid={failure === NO_EMAIL || failure?.code === "person_not_found"}
            aria-describedby={failure ? `${id}-failure` : undefined}
          />
        </div>
      )}
      <fieldset className="flex flex-col gap-2" aria-describedby={failure ? `${id}-failure` : undefined}>
        <legend className="sr-only">Limit</legend>
        {option("usual", "Default", `${formatCount(usual)} tokens per day, like everyone else`)}
        {option("number", "Custom", "A higher or lower number")}
        {choice === "number" && (
          <div className="flex flex-col gap-2 pl-10">
            <Label htmlFor={`${id}-number`}>Tokens per day</Label>
            <Input
              id={`${id}-number`}
              inputMode="numeric"
              value={number}
              autoComplete="off"
              onChange={(event) => setNumber(event.target.value)}
              aria-invalid={failure === NO_NUMBER}
              aria-describedby={failure ? `${id}-failure` : undefined}
            />
          </div>
        )}
        {option("unlimited", "No personal limit", "As much as the platform's limits allow")}
        {option("none", "No tokens", "No runs on the platform's key")}
      </fieldset>
      <Failure id={`${id}-failure`} failure={failure} />
    </FormDialog>
  );
}
