"use client";

import { type ComponentType, type ReactNode, useEffect, useState } from "react";

/** A component that is loaded after the page. */
interface LaterComponent<Props> {
  (props: Props): ReactNode;
  /** Loads it ahead of its first use. Rejects if it does not arrive; the next use then tries again. */
  preload: () => Promise<void>;
}

/**
 * Makes a component that is a file of its own, loaded when it is first used, or before that with `preload`. Unlike
 * `React.lazy` and `next/dynamic`, it renders in the very frame that wants it once it is there: React holds back for up
 * to 300 ms what comes out of a Suspense boundary that has just shown its fallback.
 *
 * @param load resolves to the component
 * @param Missing is shown where the file does not arrive, and given what the component would have been; without it
 *   that is an error for the page's error boundary, as with `React.lazy`
 * @param Loading is shown until then; on the server too, which never renders the component itself
 * @example
 * const SecretDialog = later(() => import("./SecretDialog").then((module) => module.SecretDialog));
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Missing?: ComponentType<Props>,
  Loading: ComponentType = Nothing,
): LaterComponent<Props> {
  let Loaded: ComponentType<Props> | undefined;
  const preload = async () => {
    Loaded ??= await load();
  };

  function Later(props: Props) {
    const [outcome, setOutcome] = useState<{ error?: unknown }>({});
    const isMissing = Loaded === undefined;
    useEffect(() => {
      if (isMissing)
        preload().then(
          () => setOutcome({}),
          (error) => setOutcome({ error }),
        );
    }, [isMissing]);
    if (!Loaded && "error" in outcome) {
      if (Missing) return <Missing {...props} />;
      throw outcome.error;
    }
    return Loaded ? <Loaded {...props} /> : <Loading />;
  }
  return Object.assign(Later, { preload });
}

const Nothing = () => null;
