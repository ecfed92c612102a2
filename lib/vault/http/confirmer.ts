/** Asks the person to prove who they are; resolves to whether they did. */
export type Confirmer = () => Promise<boolean>;

let confirmer: Confirmer | undefined;
let asking: Promise<boolean> | undefined;

/**
 * Says what asks people to confirm who they are, where the server wants that. One for the whole page.
 *
 * @returns a function that takes it back
 */
export function setConfirmer(ask: Confirmer): () => void {
  confirmer = ask;
  return () => {
    if (confirmer === ask) confirmer = undefined;
  };
}

/**
 * Asks the person, once for all requests that wait for it.
 *
 * @returns whether they did; undefined where nothing on this page can ask
 */
export function askToConfirm(): Promise<boolean> | undefined {
  asking ??= confirmer?.().finally(() => {
    asking = undefined;
  });
  return asking;
}
