import type { ComponentProps } from "react";
import type { Components } from "react-markdown";
import { AnswerLink } from "./AnswerLink";
import { CodeBlock } from "./CodeBlock";
import { ScrolledSideways } from "./ScrolledSideways";
import { type Element, languageOf, textOf } from "./tree";

/**
 * Every element that an answer may have, but headings. Each is rebuilt from what is named here, so that no other
 * attribute of the model's gets into the page: no id, no class, no name.
 */
const ELEMENTS: Components = {
  p: ({ children }) => <p>{children}</p>,
  strong: ({ children }) => <strong className="font-semibold">{children}</strong>,
  em: ({ children }) => <em>{children}</em>,
  del: ({ children }) => <del>{children}</del>,
  sup: ({ children }) => <sup>{children}</sup>,
  br: () => <br />,
  hr: () => <hr className="my-1" />,
  blockquote: ({ children }) => (
    <blockquote className="grid grid-cols-1 gap-3 border-l-2 pl-3 text-muted-foreground">
      {children}
    </blockquote>
  ),
  ul: ({ children, node }) => (
    <ul className={isTaskList(node) ? "space-y-1.5" : "list-disc space-y-1.5 pl-5"}>{children}</ul>
  ),
  ol: ({ children, node }) => (
    <ol start={wholeNumber(node?.properties.start)} className="list-decimal space-y-1.5 pl-7">
      {children}
    </ol>
  ),
  li: ({ children }) => <li className="space-y-1.5 marker:text-muted-foreground">{children}</li>,
  input: ({ node }) => <Task isDone={Boolean(node?.properties.checked)} />,
  code: ({ children }) => (
    <code className="rounded-sm bg-muted px-1 py-0.5 font-mono text-[0.9em] text-foreground">{children}</code>
  ),
  pre: ({ node }) => <CodeBlock text={textOf(node).replace(/\n$/, "")} language={languageOf(node)} />,
  a: ({ children, node }) => (
    <AnswerLink address={node?.properties.href} text={textOf(node)}>
      {children}
    </AnswerLink>
  ),
  // The footnotes.
  section: ({ children }) => <div className="grid grid-cols-1 gap-3 border-t pt-3">{children}</div>,
  table: ({ children }) => (
    <ScrolledSideways label="Table" className="rounded-md border">
      <table className="w-full border-collapse text-left [overflow-wrap:normal]">{children}</table>
    </ScrolledSideways>
  ),
  thead: ({ children }) => <thead className="border-b bg-muted">{children}</thead>,
  tbody: ({ children }) => <tbody className="divide-y">{children}</tbody>,
  tr: ({ children }) => <tr>{children}</tr>,
  th: ({ children, node }) => (
    <th scope="col" className={`px-3 py-2 font-semibold ${alignmentOf(node)}`}>
      {children}
    </th>
  ),
  td: ({ children, node }) => (
    <td className={`min-w-24 px-3 py-2 align-top ${alignmentOf(node)}`}>{children}</td>
  ),
};

const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"] as const;

export const ALLOWED = [...Object.keys(ELEMENTS), ...HEADINGS];

/** Kept, because React takes another function for another component, and would recreate the elements. */
const MADE = new Map<string, Components>();

/**
 * How an answer's elements are shown.
 *
 * @param top the level of its highest heading: 1 for `#`
 * @param level the level that this one gets on the page; the others follow, down to h6
 */
export function elementsFor(top: number, level: number): Components {
  const name = `${top} ${level}`;
  const elements = MADE.get(name) ?? { ...ELEMENTS, ...headings(top, level) };
  MADE.set(name, elements);
  return elements;
}

function headings(top: number, level: number): Components {
  const made = HEADINGS.map((name, index) => {
    const below = Math.max(index + 1 - top, 0);
    const Heading = HEADINGS[Math.min(level + below, 6) - 1] ?? "h6";
    const className = below === 0 ? "mt-1 text-base font-semibold" : "mt-1 font-semibold";
    return [
      name,
      ({ children }: ComponentProps<"h1">) => <Heading className={className}>{children}</Heading>,
    ];
  });
  return Object.fromEntries(made);
}

function Task({ isDone }: { isDone: boolean }) {
  return (
    <>
      <span aria-hidden="true">{isDone ? "☑" : "☐"}</span>
      <span className="sr-only">{isDone ? "Done:" : "To do:"}</span>
    </>
  );
}

const isTaskList = (list: Element | undefined) =>
  String(list?.properties.className ?? "").includes("contains-task-list");

const wholeNumber = (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : undefined);

function alignmentOf(cell: Element | undefined): string {
  const alignment = cell?.properties.align;
  if (alignment === "right") return "text-right";
  return alignment === "center" ? "text-center" : "text-left";
}
