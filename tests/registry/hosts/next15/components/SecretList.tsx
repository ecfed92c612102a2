/** This app's own, which has nothing to do with the vault's. */
export function SecretList({ words }: { words: string[] }) {
  return <p>{words.join(", ")}</p>;
}
