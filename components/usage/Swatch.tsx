/** The colour that a name in the same line stands for. */
export function Swatch({ colour }: { colour: string }) {
  return (
    <span
      aria-hidden
      className="mt-1 size-3 shrink-0 rounded-[3px] forced-color-adjust-none"
      style={{ background: colour }}
    />
  );
}
