import type { Findings } from "./facts";
import { type Answer, type Meanings, type Verdict, valuesAt } from "./verdict";

/**
 * How to ask the provider of one catalogued key: only with documented requests that cost and change nothing. The
 * meanings of its answers are from the pages that stand above it.
 */
export interface Provider extends Meanings {
  key: string;
  /** As a sentence calls it. */
  name: string;
  method?: "POST";
  url: string | (() => string);
  /** Another region, which is asked when the first one does not know the key. */
  elsewhere?: string;
  headers(value: string): Record<string, string>;
  /** What is left of a verdict after what no list of codes can say. */
  refine?(verdict: Verdict, answer: Answer, value: string): Verdict | Promise<Verdict>;
  /** What a success documents about the account behind the key. Never the key's own characters. */
  learn?(answer: Answer): Findings | Promise<Findings>;
}

/** The first member at a path, of whatever type. */
export const at = (body: unknown, path: string): unknown => valuesAt(body, path.split("."))[0];

/** Learns the name of the account: the first text at one of these paths. */
export const accountAt =
  (...paths: string[]) =>
  async ({ body }: Answer): Promise<Findings> => {
    const json = await body();
    return { account: paths.map((path) => at(json, path)).find((name) => typeof name === "string") };
  };

export const bearer = (value: string) => ({ Authorization: `Bearer ${value}` });
