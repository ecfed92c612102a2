import { memo } from "react";
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { ALLOWED, elementsFor } from "./elements";
import { isTooMuch } from "./limits";
import { PlainText } from "./PlainText";
import { asWritten, tidy } from "./tree";

const REMARK = [remarkGfm, () => asWritten];
const REHYPE = [() => tidy];
// Else it is hidden from sight.
const FOOTNOTES = { footnoteLabelProperties: {} };
/** Addresses are judged where a link is made of them. */
const asItIs = (address: string) => address;

interface MarkdownProps {
  text: string;
  /** The level of the answer's highest heading: 1 for `#`. */
  topHeading: number;
  /** The level that this one gets on the page. */
  headingLevel: number;
}

/** A part of a model's answer, laid out. HTML in it is shown as the text that it is. */
export const Markdown = memo(function Markdown({ text, topHeading, headingLevel }: MarkdownProps) {
  if (isTooMuch(text)) return <PlainText text={text} />;
  return (
    <ReactMarkdown
      remarkPlugins={REMARK}
      rehypePlugins={REHYPE}
      remarkRehypeOptions={FOOTNOTES}
      components={elementsFor(topHeading, headingLevel)}
      allowedElements={ALLOWED}
      unwrapDisallowed
      urlTransform={asItIs}
    >
      {text}
    </ReactMarkdown>
  );
});
