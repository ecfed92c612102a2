/** This app's own field, which has a label. */
export function Input({ label, name, type }: { label: string; name: string; type: string }) {
  return (
    <label className="flex flex-col">
      {label}
      <input name={name} type={type} required className="border border-input bg-background" />
    </label>
  );
}
