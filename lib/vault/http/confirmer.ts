/** Asks the person to prove who they are; resolves to whether they did. */
export type Confirmer = () => Promise<boolean>;

let confirmer: Confirmer | undefined;
let asking: Promise<boolean> | undefined;
let answered: Promise<boolean> | undefined;

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

/** What the person answered last, to be read before a request is sent; see {@link askToConfirm}. */
export const latestAnswer = (): Promise<boolean> | undefined => answered;

/**
 * Asks the person, once for all requests that wait for it. An answer is also the answer for requests sent before it
 * that are refused only after it.
 *
 * @param known is what {@link latestAnswer} returned before the request was sent
 * @returns whether they did; undefined where nothing on this page can ask
 */
export function askToConfirm(known: Promise<boolean> | undefined): Promise<boolean> | undefined {
  if (answered !== known) return answered;
  asking ??= confirmer?.().finally(() => {
    answered = asking;
    asking = undefined;
  });
  return asking;
}
