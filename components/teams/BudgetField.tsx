import { Field, type FieldProps } from "@/components/shared/Field";

interface BudgetFieldProps
  extends Pick<FieldProps, "name" | "label" | "hint" | "complaint" | "ref" | "autoFocus"> {
  value: string;
  /** What an empty field means. */
  placeholder: string;
  onChange: (text: string) => void;
}

/** An amount in US dollars, or nothing. */
export function BudgetField({ onChange, ...field }: BudgetFieldProps) {
  return (
    <Field
      {...field}
      inputMode="decimal"
      autoComplete="off"
      spellCheck={false}
      className="pl-7 tabular-nums"
      onChange={(event) => onChange(event.target.value)}
    >
      <span
        aria-hidden
        className="pointer-events-none absolute top-2 left-3 text-sm leading-5 text-muted-foreground"
      >
        $
      </span>
    </Field>
  );
}
