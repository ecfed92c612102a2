import type { ExtraProps } from "react-markdown";

export type Element = NonNullable<ExtraProps["node"]>;
type Content = Element["children"][number];

/** A node of Markdown, as far as {@link asWritten} knows it. */
interface MarkdownNode {
  type: string;
  value?: string;
  children?: MarkdownNode[];
}

/** Where a text needs a paragraph around it. */
const FLOW = ["root", "blockquote", "listItem", "footnoteDefinition"];

/**
 * Keeps what a model wrote: HTML is text like any other, and where a new line begins in the text, one begins on the
 * page, as in a poem or an address. Markdown would go on in the same line.
 */
export function asWritten(node: MarkdownNode): void {
  node.children = node.children?.flatMap((child) => {
    asWritten(child);
    if (child.type !== "html" && child.type !== "text") return [child];
    const lines = (child.value ?? "").split("\n").map((value): MarkdownNode => ({ type: "text", value }));
    const text = lines.flatMap((line, index) => (index === 0 ? [line] : [{ type: "break" }, line]));
    return FLOW.includes(node.type) ? [{ type: "paragraph", children: text }] : text;
  });
}

/**
 * Makes links of pictures, because to load one tells its host who reads the answer, and when. Leaves out the arrows
 * that lead back from footnotes, because there are no ids for them to lead to.
 */
export function tidy(tree: Element): void {
  tidyBelow(tree, false);
}

function tidyBelow(parent: Element, isInLink: boolean): void {
  parent.children = parent.children.flatMap((node): Content[] => {
    if (node.type !== "element") return [node];
    const { tagName, properties } = node;
    if (properties.dataFootnoteBackref !== undefined) return [];
    tidyBelow(node, isInLink || tagName === "a");
    if (tagName !== "img") return [node];
    const text = { type: "text" as const, value: String(properties.alt || "Image") };
    if (isInLink) return [text];
    return [{ type: "element", tagName: "a", properties: { href: properties.src }, children: [text] }];
  });
}

/** All text below a node. */
export function textOf(node: Content | undefined): string {
  if (node?.type === "text") return node.value;
  return node?.type === "element" ? node.children.map(textOf).join("") : "";
}

/** The first word after the fence of a code block. */
export function languageOf(pre: Element | undefined): string {
  const code = pre?.children[0];
  const names = code?.type === "element" ? code.properties.className : undefined;
  return Array.isArray(names) ? String(names[0] ?? "").replace(/^language-/, "") : "";
}
