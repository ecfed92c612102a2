import { HEADER_VALUE } from "../vault/rules";
import type { SecretSource } from "../vault/types";
import { costOf } from "./prices";
import {
  countsOf,
  detailsOf,
  membersOf,
  modelOf,
  sayingsOf,
  saysNothingWritten,
  stopReasonOf,
  withinTotals,
} from "./provider-usage";
import { sentTokens } from "./tokens";
import { BYTES_PER_TOKEN_SENT, NO_USAGE, type StopReason, type Usage, type UsageDetails } from "./types";

/** What a call used and why it ended, in the ledger's terms. */
export interface Reading extends Usage {
  /** The one that answered; the one that was asked for, where it did not say. */
  model: string;
  stop_reason: StopReason | null;
  /** Whether the provider counted the whole of it; otherwise the tokens are an estimate. */
  is_counted: boolean;
  /** By the list price; null for a model whose price is not known. */
  cost_usd: number | null;
  cost_exact: boolean;
  details: UsageDetails;
}

/** What is known of a call before it is made. The more of it is known, the less a limit has to reserve. */
export interface CallPlan {
  /** The name of the key in the vault: whose prices count. */
  key: string;
  /** The model that is asked for; missing where there is none, or nobody knows it. */
  model?: string | undefined;
  /** All that is sent. It is measured, and not kept. Without it nobody knows what the call may cost. */
  text?: string | undefined;
  /** The longest answer to ask for, in tokens. Without it nobody knows what the call may cost. */
  maxOutput?: number | undefined;
  /** The shortest answer that is of use, in tokens, where less is left of a limit; `maxOutput` if missing. */
  minOutput?: number | undefined;
  /** More tokens than what is sent beside the text: instructions, the form of the answer, the provider's own. */
  addedTokens?: number | undefined;
}

interface Call extends CallPlan {
  /** Whose key pays, where that is known already. */
  source?: SecretSource;
}

/** Fewer than it usually is, in any script: what was written and not counted is rather too much than too little. */
const BYTES_PER_TOKEN_WRITTEN = 2.5;
/** No token holds more. A count that says so is a placeholder. */
const MAX_BYTES_PER_TOKEN = 64;
/** Few texts have more: repetitions. */
const USUAL_MAX_BYTES_PER_TOKEN = 16;
/** Tokens that a gateway may add to a prompt of so many bytes. A count beyond is none. */
const MAX_ADDED_TOKENS = 50_000;
/** For a call that says nothing of what it adds. */
const USUAL_ADDED_TOKENS = 100;
/** Faster than models write. */
const TOKENS_PER_SECOND = 300;

const isPlausible = (tokens: number, bytes: number, most = MAX_BYTES_PER_TOKEN) => tokens * most >= bytes;

/**
 * What one call has used so far. It takes what the provider says as far as that can be, and estimates the rest, so that
 * money that may have been spent is entered, however the call ends.
 */
export class Meter {
  /** The model that answers, once it says so; until then the one that was asked for. */
  model: string;
  /** Whether the prompt may have been read, and billed: from when it is sent, unless the answer says otherwise. */
  isSent = false;
  /** Null until the provider says why it stopped. */
  stopReason: StopReason | null = null;
  /** Whether a piece of the answer was lost on its way. */
  isDamaged = false;
  /** Whether the answer is whole without a reason of the provider's for its end. */
  isComplete = false;
  /** Whose key pays: the platform's until it is known, which counts the most. */
  source: SecretSource;
  /** The longest answer to ask for, in tokens; 0 where the call has no such limit. */
  maxOutput: number;
  /** Aborts when the person leaves, the time is up, or the team's key is no longer theirs to use. For the call. */
  signal: AbortSignal = new AbortController().signal;
  /** What the prompt has of tokens, about. */
  readonly estimate: number;
  /** More tokens than the whole of what is sent can have: no token is shorter than a byte. */
  readonly mostSent: number;
  /** The name of the key in the vault. */
  readonly key: string;
  readonly minOutput: number;
  readonly #isMeasured: boolean;
  readonly #mostOutput: number;
  readonly #sentBytes: number;
  readonly #began = performance.now();
  #writtenBytes = 0;
  #usage = NO_USAGE;
  #details: UsageDetails = {};
  #hasTotal = false;
  /** What some gateways say before the answer, and what is true only once it is over. */
  #firstReason: StopReason | null = null;
  #isOver = false;
  #final: Reading | undefined;
  /** In USD, undefined where no limit counts. */
  #reserved: number | undefined;
  /** The value of the key, which a gateway may repeat. */
  #secret = "";

  constructor({ key, model, text, source, maxOutput, minOutput, addedTokens }: Call) {
    this.key = key;
    this.model = model ?? "";
    this.source = source ?? "env";
    this.#isMeasured = text !== undefined;
    this.#sentBytes = Buffer.byteLength(text ?? "");
    this.estimate = Math.ceil(this.#sentBytes / BYTES_PER_TOKEN_SENT);
    this.mostSent = this.#sentBytes + (addedTokens ?? USUAL_ADDED_TOKENS);
    this.maxOutput = this.#mostOutput = maxOutput ?? 0;
    this.minOutput = minOutput ?? this.maxOutput;
  }

  /** The most that the call may cost, in USD; null where what it sends or its length is not known, or the model's price. */
  get mostCost(): number | null {
    if (!this.#isMeasured || this.#mostOutput === 0) return null;
    const most = { ...NO_USAGE, input_tokens: this.mostSent, output_tokens: this.maxOutput };
    // Inside the US it costs most, and where a model runs may be a setting of the provider's account.
    return costOf(this.model, most, { inference_geo: "us" }, this.key)?.usd ?? null;
  }

  /** What is sent would cost, about, in USD; null where the model's price is not known. */
  get estimatedCost(): number | null {
    return costOf(this.model, { ...NO_USAGE, input_tokens: this.estimate }, {}, this.key)?.usd ?? null;
  }

  /** Takes the value of the key, so that nothing that repeats it is entered. */
  hide(secret: string): void {
    this.#secret = secret;
  }

  /** Whether the key can be sent in a header. */
  get isKeyHeader(): boolean {
    return HEADER_VALUE.test(this.#secret);
  }

  /** Takes that the call counts towards a limit: what is not known of it then counts as much as it may be. */
  reserve(usd: number): void {
    this.#reserved = usd;
  }

  /** Milliseconds since the call was entered. */
  get duration(): number {
    return Math.round(performance.now() - this.#began);
  }

  /**
   * Takes what a reply, or an event of one, says of its model, its usage, its text and its end, in the words of Anthropic,
   * OpenAI, or Vercel's AI SDK: `meter.take(await openai.chat.completions.create(…))`. For one reply: of several, the
   * counts are those of the largest.
   *
   * @param reply untrusted
   */
  take(reply: unknown): void {
    const { model, usage, reason, piece, isBrokenOff } = sayingsOf(reply);
    if (isBrokenOff) this.isDamaged = true;
    this.model = modelOf(model, this.#secret) ?? this.model;
    if (piece !== undefined) this.write(piece);
    if (usage !== undefined) this.total(usage, reason);
    else this.stopReason = stopReasonOf(reason) ?? this.stopReason;
  }

  /**
   * Takes the beginning of an answer.
   *
   * @param message untrusted
   */
  begin(message: unknown): void {
    const { model, usage, stop_reason } = membersOf(message);
    this.model = modelOf(model, this.#secret) ?? this.model;
    this.#take(usage);
    this.#firstReason = stopReasonOf(stop_reason);
  }

  /** Takes what the model wrote, for the reader or in thinking, which is billed as well. */
  write(text: string): void {
    this.#writtenBytes += Buffer.byteLength(text);
  }

  /**
   * Takes totals and the reason of the end.
   *
   * @param usage untrusted
   * @param stopReason untrusted
   */
  total(usage: unknown, stopReason: unknown): void {
    const said = this.#take(usage);
    const isEmpty = this.#writtenBytes === 0 && saysNothingWritten(usage);
    if (said.output_tokens !== undefined || isEmpty) this.#hasTotal = true;
    this.stopReason = stopReasonOf(stopReason) ?? this.stopReason;
  }

  /** Takes that whoever asked has all of the answer, where the provider's own end was not looked for. */
  complete(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.isComplete = true;
  }

  /** Takes that the provider says that the answer is over. */
  end(): void {
    this.#isOver = true;
    this.stopReason ??= this.#firstReason;
  }

  /** Takes counts. What was written is a running total, so that a smaller one takes nothing away. */
  #take(usage: unknown): Partial<Usage> {
    const before = this.#usage;
    const said = countsOf(usage);
    // Twice what was allowed, as some gateways allow more than they were asked for.
    if (this.#mostOutput > 0 && (said.output_tokens ?? 0) > 2 * this.#mostOutput) delete said.output_tokens;
    const next = { ...before, ...said };
    const sent = sentTokens(next);
    // Gateways begin, or end, with placeholders, which do not replace what is known.
    const isPlaceholder = sent < sentTokens(before) && !isPlausible(sent, this.#sentBytes);
    // Where nobody said what is sent, nobody knows what is too much.
    const isAbsurd = this.#sentBytes > 0 && sent > this.#sentBytes + MAX_ADDED_TOKENS;
    const output_tokens = Math.max(before.output_tokens, next.output_tokens);
    this.#usage = { ...(isPlaceholder || isAbsurd ? before : next), output_tokens };
    this.#details = { ...this.#details, ...detailsOf(usage) };
    return said;
  }

  /** What the call used. The first time is final: what a result says about its cost is what the ledger has. */
  read(): Reading {
    this.#final ??= this.#read();
    return this.#final;
  }

  #read(): Reading {
    const { model, stopReason } = this;
    const usage = { ...this.#usage };
    const sent = sentTokens(usage);
    const isFinal = this.#hasTotal && (stopReason !== null || this.#isOver);
    // Gateways begin with a placeholder, and Anthropic with the count itself.
    const hasAllSent = isPlausible(
      sent,
      this.#sentBytes,
      isFinal ? MAX_BYTES_PER_TOKEN : USUAL_MAX_BYTES_PER_TOKEN,
    );
    const hasAllWritten = isFinal && isPlausible(usage.output_tokens, this.#writtenBytes);
    const isCounted = hasAllSent && hasAllWritten;
    if (!hasAllSent && this.isSent) usage.input_tokens += Math.max(0, this.#uncountedSent - sent);
    if (!hasAllWritten) usage.output_tokens = Math.max(usage.output_tokens, this.#estimateWritten());
    const details = withinTotals(this.#details, usage);
    const cost = costOf(model, usage, details, this.key);
    return {
      model,
      stop_reason: stopReason,
      is_counted: isCounted,
      // A gateway may have had another model answer, whose price is not known.
      cost_usd: cost?.usd ?? this.#reserved ?? null,
      cost_exact: isCounted && cost?.exact === true,
      details,
      ...usage,
    };
  }

  /**
   * What a prompt counts that nobody counted. Its estimate is too little for dense texts, and has no instructions, so that
   * calls that are broken off before their first event could cost others several times what is entered.
   */
  get #uncountedSent(): number {
    return this.#isAtOthersExpense ? this.mostSent : this.estimate;
  }

  #estimateWritten(): number {
    const written = Math.ceil(this.#writtenBytes / BYTES_PER_TOKEN_WRITTEN);
    if (!this.#isAtOthersExpense || !this.isSent) return written;
    // A model may think unseen, and a gateway may show nothing before the end. The time that it had counts too.
    const possible = Math.ceil((this.duration / 1000) * TOKENS_PER_SECOND);
    // Nobody wrote more than was reserved, unless a gateway let the model go on, and then there is far more text.
    const isWithin = isPlausible(this.maxOutput, this.#writtenBytes, USUAL_MAX_BYTES_PER_TOKEN);
    return Math.max(
      isWithin ? Math.min(written, this.maxOutput) : written,
      Math.min(possible, this.maxOutput),
    );
  }

  get #isAtOthersExpense(): boolean {
    return this.source === "env" || this.#reserved !== undefined;
  }
}
