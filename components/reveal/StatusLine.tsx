/** What is going on, read out when it changes. The element stays, for a new one would not be announced. */
export function StatusLine({ text }: { text: string }) {
  return (
    <div role="status" className="contents">
      {text !== "" && <p className="text-sm text-muted-foreground">{text}</p>}
    </div>
  );
}
