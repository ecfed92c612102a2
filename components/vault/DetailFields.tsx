import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { dayOf } from "./expiry";

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
export function ExpiryField({ id, day, onChange, errorId }: ExpiryFieldProps) {
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
