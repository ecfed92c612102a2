// The colors that shadcn's themes lack, mixed from the app's text color, so that they follow its theme, dark or light,
// and need no entry in its style sheet or its Tailwind configuration. An app that has its own sets the variables.

export const SUCCESS_TEXT =
  "text-[color:var(--vault-success-foreground,color-mix(in_oklab,theme(colors.foreground,currentColor)_40%,#15803d))]";

export const WARNING_TEXT =
  "text-[color:var(--vault-warning-foreground,color-mix(in_oklab,theme(colors.foreground,currentColor)_40%,#b45309))]";

export const DESTRUCTIVE_TEXT =
  "text-[color:var(--vault-destructive-text,color-mix(in_oklab,theme(colors.foreground,currentColor)_40%,#dc2626))]";

export const SUCCESS_FILL = "bg-[color:var(--vault-success,color-mix(in_oklab,#15803d_15%,transparent))]";

export const WARNING_FILL = "bg-[color:var(--vault-warning,color-mix(in_oklab,#b45309_15%,transparent))]";

/** Dark enough for white text in every theme. */
export const DESTRUCTIVE_FILL =
  "bg-[color:var(--vault-destructive,color-mix(in_oklab,theme(colors.destructive.DEFAULT,#dc2626)_80%,black))]";

export const FIELD_FILL = "bg-[color:var(--vault-field,theme(colors.background,Canvas))]";
