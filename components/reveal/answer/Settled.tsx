import { Component, type ReactNode, startTransition, useEffect, useRef, useState } from "react";
import { LaidOut } from "./LaidOut";
import { PlainText } from "./PlainText";

/** Between two times that a growing answer is laid out, in milliseconds. */
const PAUSE_MS = 100;

interface SettledProps {
  text: string;
  isStreaming?: boolean;
  /** The level of the text's highest heading on this page: 3 is h3. */
  headingLevel: number;
}

/** A model's Markdown, laid out every now and then while it grows; plain text where that fails. */
export function Settled({ text, isStreaming = false, headingLevel }: SettledProps) {
  const shown = useSettled(text, isStreaming);
  const plain = <PlainText text={text} />;
  if (!shown) return plain;
  return (
    <Fallback instead={plain}>
      <LaidOut {...shown} headingLevel={headingLevel} />
    </Fallback>
  );
}

/**
 * What of a text to lay out now. Every step is a transition, so that the browser gets its turn between the parts of a
 * long text. Null before the first.
 */
function useSettled(text: string, isStreaming: boolean) {
  const [shown, setShown] = useState<{ text: string; isStreaming: boolean } | null>(null);
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
    if (!isStreaming) startTransition(() => setShown({ text, isStreaming }));
  }, [text, isStreaming]);
  useEffect(() => {
    if (!isStreaming) return;
    const settle = () => startTransition(() => setShown({ text: latest.current, isStreaming }));
    settle();
    const timer = setInterval(settle, PAUSE_MS);
    return () => clearInterval(timer);
  }, [isStreaming]);
  return shown;
}

class Fallback extends Component<{ instead: ReactNode; children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}
