import type { ReactNode } from "react";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { NativeSelect } from "@/components/vault/ui/native-select";
import { CATEGORIES, type Category } from "@/lib/vault/types";
import { dayOf } from "./expiry";
import type { Failure } from "./SaveFailure";
import type { SecretFields } from "./useSecretFields";

interface DetailFieldsProps {
  /** Begins the ids of the fields. */
  id: string;
  fields: SecretFields;
  /** Whether the present value stays one that nobody may see. */
  isUseOnlyFixed: boolean;
  ofTeam: boolean;
  failure: Failure | null;
  /** What says the failure; it is shown here if one of these fields is to blame. */
  alert: ReactNode;
}

/** What is entered of a secret besides its name and its value. */
export function DetailFields({ id, fields, isUseOnlyFixed, ofTeam, failure, alert }: DetailFieldsProps) {
  const isDescriptionWrong = failure?.field === "description";
  return (
    <>
      <UseOnlyField
        isOn={fields.useOnly}
        onChange={fields.changeUseOnly}
        isFixed={isUseOnlyFixed}
        ofTeam={ofTeam}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-2">
          <Label htmlFor={`${id}-category`}>Category</Label>
          <NativeSelect
            id={`${id}-category`}
            value={fields.category}
            onChange={(event) => fields.changeCategory(event.target.value as Category)}
          >
            {CATEGORIES.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </NativeSelect>
        </div>
        <ExpiryField
          id={`${id}-expires`}
          day={fields.expiresOn}
          onChange={fields.changeExpiresOn}
          errorId={failure?.field === "expires" ? `${id}-error` : undefined}
        />
      </div>
      {failure?.field === "expires" && alert}
      <div className="flex flex-col gap-2">
        <Label htmlFor={`${id}-description`}>
          Description <span className="font-normal text-muted-foreground">(optional)</span>
        </Label>
        <Input
          id={`${id}-description`}
          value={fields.description}
          onChange={(event) => fields.changeDescription(event.target.value)}
          autoComplete="off"
          aria-invalid={isDescriptionWrong}
          aria-describedby={isDescriptionWrong ? `${id}-error` : undefined}
        />
        {isDescriptionWrong && alert}
      </div>
    </>
  );
}

interface UseOnlyFieldProps {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  /** Whether it cannot be switched off, because the present value stays. */
  isFixed: boolean;
  ofTeam: boolean;
}

/** Chooses whether anybody may see the value. */
export function UseOnlyField({ isOn, onChange, isFixed, ofTeam }: UseOnlyFieldProps) {
  return (
    <label className="flex gap-2.5 text-sm">
      <input
        type="checkbox"
        checked={isOn}
        disabled={isFixed}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-primary disabled:opacity-60"
      />
      <span>
        <span className="font-medium">Use only</span>
        {ofTeam && !isFixed && <span className="text-muted-foreground"> (recommended for teams)</span>}
        <span className="block text-muted-foreground">
          {isFixed
            ? "Nobody can show or copy this value. To change that, replace the value."
            : "Runs can use the key. Nobody can show or copy it, including you."}
        </span>
      </span>
    </label>
  );
}

interface ExpiryFieldProps {
  id: string;
  /** As a date field has it; "" for none. */
  day: string;
  onChange: (day: string) => void;
  /** The id of what is wrong with it. */
  errorId: string | undefined;
}

/** Takes the day on which the provider stops accepting the key. */
function ExpiryField({ id, day, onChange, errorId }: ExpiryFieldProps) {
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={id}>
        Expires <span className="font-normal text-muted-foreground">(optional)</span>
      </Label>
      <Input
        id={id}
        type="date"
        value={day}
        min={dayOf(new Date().toISOString())}
        max="9999-12-31"
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={errorId !== undefined}
        aria-describedby={errorId}
      />
    </div>
  );
}
