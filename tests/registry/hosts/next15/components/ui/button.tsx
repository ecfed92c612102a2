/** This app's own button: unlike the one of other kits, it takes a text and no children. */
export function Button({ kind, text }: { kind: "strong" | "plain"; text: string }) {
  return (
    <button type="submit" className={kind === "strong" ? "bg-primary p-2 text-primary-foreground" : "p-2"}>
      {text}
    </button>
  );
}
