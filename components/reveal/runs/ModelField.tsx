import { type RefObject, useEffect, useId } from "react";
import { Label } from "@/components/vault/ui/label";
import { NativeSelect } from "@/components/vault/ui/native-select";
import type { ModelChoice } from "./useModel";

interface ModelFieldProps extends ModelChoice {
  select: RefObject<HTMLSelectElement | null>;
}

/** Says which model the next run asks, and lets the person choose where there are several. */
export function ModelField({ models, chosen, choose, select }: ModelFieldProps) {
  const id = useId();
  // What was chosen before the scripts were there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only for what was there before the first render
  useEffect(() => {
    if (select.current && select.current.value !== chosen?.id) choose(select.current.value);
  }, []);
  if (!chosen) return null;
  if (models.length === 1) {
    return (
      <p className="min-w-0 text-sm break-all text-muted-foreground">
        <span className="sr-only">Model: </span>
        {chosen.id}
      </p>
    );
  }
  return (
    <div className="flex min-w-0 items-center gap-2">
      <Label htmlFor={id}>Model</Label>
      <NativeSelect
        ref={select}
        id={id}
        value={chosen.id}
        onChange={(event) => choose(event.target.value)}
        className="min-w-0 text-ellipsis"
      >
        {models.map((model) => (
          <option key={model.id} value={model.id}>
            {model.id}
          </option>
        ))}
      </NativeSelect>
    </div>
  );
}
