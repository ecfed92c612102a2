import { type CatalogEntry, detectProvider, findCatalogEntry, providerOf } from "./catalog";
import { isJson } from "./env/json";
import { mayBeMask } from "./masks";
import { COMMAND, checkValue, findInvisible, findOtherLine, isQuoted, type Refusal } from "./rules";

// What a value is unlikely to be. A person may set each of these aside, so the server knows none of them.

/** A doubt about a value. The text never repeats the value. */
export interface Doubt {
  warning: string;
  /** The value is surely not what is meant: the form asks before it saves, and an import leaves it out at first. */
  isBroken?: boolean;
  /** The key that the value seems to belong to; the form asks which one is meant. */
  rightKey?: string;
  /** There is white space around the value that will be stored with it. */
  isPadded?: boolean;
}

/**
 * What to say in the form about a value for `key`: what the server would refuse, or a doubt that a person
 * may set aside.
 *
 * @param input as it was entered
 * @returns null if there is nothing to say
 * @example judgeValue("OPENAI_API_KEY", "proj-…") // { warning: "A value for OPENAI_API_KEY usually …" }
 * @example judgeValue("DATABASE_URL", "op://…") // { warning: "This looks like a reference …", isBroken: true }
 */
export function judgeValue(key: string, input: string): Refusal | Doubt | null {
  const checked = checkValue(key, input);
  return "problem" in checked ? checked : findDoubt(key, checked.value, input);
}

/**
 * The doubt about a value that the server would take.
 *
 * @param value as `checkValue` gives it
 * @param input as it was entered
 */
export function findDoubt(key: string, value: string, input: string): Doubt | null {
  const misplaced = findMisplaced(key, value);
  const broken = findBroken(key, value.trim());
  if (misplaced) return broken ? { ...misplaced, isBroken: true } : misplaced;
  return broken ? { warning: broken, isBroken: true } : findOddity(key, value, input);
}

/** What the text is instead of a value. */
function findBroken(key: string, value: string): string | undefined {
  if (mayBeMask(value)) return "This looks like a mask, not the key itself.";
  if (PLACEHOLDER.test(value)) return "This looks like a placeholder, not the key itself.";
  if (REFERENCES.some((pattern) => pattern.test(value))) {
    return "This looks like a reference to a value stored elsewhere, or an encrypted value. It's stored as written.";
  }
  if (value.includes("\ufffd")) {
    return "The value contains characters that were lost when it was read (U+FFFD). Copy it again.";
  }
  return findCut(value) ?? findWrapping(key, value);
}

// No part repeats a part that repeats: a value is judged with every key that is pressed.
const PLACEHOLDER =
  /^<[^<>=]+>$|x{8}|your(?:[-_ ][a-z0-9]+){0,4}[-_ ](?:key|token|secret|password|value|project|name|url|id|here)(?![a-z])|change[-_]?me|(\.{3}|…)$|:\/\/[^\s/@]*:[[<{(][^@]*[\]>})]@/i;

/** Where other tools keep values, or have them encrypted; each named in the tool's own documentation. */
const REFERENCES: readonly RegExp[] = [
  // 1Password, Bitwarden, Proton Pass, Keeper, and URIs of loaders such as vals and secretspec.
  /^(?:op|bws?|pass|lpass|keeper|vault|secrets?|sm|gsm|gcp-?sm|aws-?sm|awssecrets?|ssm|awsssm|akv|azkv|azkeyvault|keyvault|keychain|doppler|infisical|env|dotenv|ref\+\w+):\/\/\S+$/i,
  // dotenvx; Azure Container Apps; Vault's transit engine; SOPS; Ansible; Azure App Service; CloudFormation.
  /^(?:encrypted|secretref|vault|keyvaultref):\S+$/i,
  /^(?:ENC\[|\$ANSIBLE_VAULT;|@Microsoft\.KeyVault\(|arn:aws[\w-]*:(?:secretsmanager|ssm):|projects\/[^/\s]+\/secrets\/)/i,
  // Another variable or the output of a command: shells, dotenv-expand, GitHub Actions, Railway, Doppler, Phase.
  /\$\{[^}\n]*\}/,
  /^\$\([\s\S]+\)$/,
  /^\$[A-Z_][A-Z0-9_]*$/,
  /^%[A-Z_][A-Z0-9_]*%$/i,
  /^\{\{[\s\S]+\}\}$/,
  /^(?:process\.env|import\.meta\.env|os\.environ)\b/,
];

/** What is left of a value of several lines that lost some. */
function findCut(value: string): string | undefined {
  if (value.startsWith("-----BEGIN ")) {
    const [begins = 0, ends = 0] = [/-----BEGIN /g, /-----END /g].map((edge) => value.match(edge)?.length);
    if (begins !== ends || !/^-----END [^\n]*-----/.test(value.slice(value.lastIndexOf("-----END "))))
      return "The PEM text is cut off: a BEGIN line has no matching END line.";
    if (!/\n|\\n/.test(value)) return "The PEM text has lost its line breaks. Copy it again from its file.";
  }
  if (/^\{\s*("|$)|^\[\s*(["{]|$)/.test(value) && !/[}\]]$/.test(value))
    return "The JSON text is cut off: its end is missing.";
  // Of YAML and of shells.
  if (/^(?:[|>][-+]?|<<-?\s*["']?\w+["']?)$/.test(value))
    return "This is only the start of a multi-line text. Paste all of its lines.";
  return undefined;
}

/** The others are words as well, so the name of a variable has to follow. */
const SHELL_COMMAND = /^(export(?=\s)|(?:set|setx|declare|typeset)(?=\s+(?:-\w+\s+)*[A-Z][A-Z0-9_]*[\s=]))/;

/** A name and what gives it a value, also as in YAML, in JSON and after the options of Docker. */
const NAMED_LINE = new RegExp(`^(?:${COMMAND}|-{1,2}\\w*[ \\t]+)?["']?([A-Za-z_]\\w*)["']?\\s*[=:]`);

/** What is around the value of a name of one's own. With a token it is refused, and here it may be meant. */
function findWrapping(key: string, value: string): string | undefined {
  if (NAMED_LINE.exec(value)?.[1]?.toUpperCase() === key) {
    return `This is a whole line of a .env file: it starts with the name ${key}.`;
  }
  const command = SHELL_COMMAND.exec(value)?.[1];
  if (command) return `This looks like a shell command: it starts with "${command}".`;
  if (isQuoted(value)) return "There are quotes around the value. They're stored with it.";
  if (/[ \t]\\$/.test(value)) return "The value ends with the backslash of a shell command.";
  return undefined;
}

/** A value that seems to belong to another known key. */
function findMisplaced(key: string, value: string): Doubt | undefined {
  const known = findCatalogEntry(key);
  if (!known) return undefined;
  const otherLine = findOtherLine(known, value);
  if (otherLine?.rightKey)
    return { warning: otherLine.problem, rightKey: otherLine.rightKey, isBroken: true };
  const isUsual = known.format
    ? known.format.test(value)
    : known.prefixes.some((prefix) => value.startsWith(prefix));
  const right = isUsual ? undefined : detectProvider(value, true);
  return (
    right && {
      warning: `${looksLike(right, known)} Its usual name is ${right.key}.`,
      rightKey: right.key,
    }
  );
}

/** What is odd about a value, and will be stored with it. */
function findOddity(key: string, value: string, input: string): Doubt | null {
  const known = findCatalogEntry(key);
  if (known?.format && !known.format.test(value)) {
    const usual = `A value for ${key} usually ${known.formatHint}.`.replace(/\.\.$/, ".");
    return { warning: `${usual} Make sure you copied all of it.` };
  }
  if (/^-----BEGIN [^\n]*\\n/.test(value)) {
    return { warning: 'Its line breaks are written as "\\n" and stored that way.' };
  }
  if (/^\{\s*\\?["“]/.test(value) && !isJson(value)) {
    return { warning: "This looks like JSON, but isn't valid JSON. Make sure you copied all of it." };
  }
  const invisible = findInvisible(value);
  if (invisible)
    return {
      warning: `The value contains a character that's hard to see: ${invisible}. It's stored with it.`,
    };
  if (input !== value) return { warning: "The surrounding whitespace is removed." };
  // The last line break of a text with several lines belongs to it.
  const text = /\n[\s\S]*\n$/.test(value) ? value.slice(0, -1) : value;
  if (text === text.trim()) return null;
  return { warning: "There's whitespace around the value. It's stored with it.", isPadded: true };
}

function looksLike(right: CatalogEntry, known: CatalogEntry): string {
  const provider = providerOf(right);
  const article = /^([AEIOU]|xAI|npm)/.test(provider) ? "an" : "a";
  return `This looks like ${provider === providerOf(known) ? "another" : article} ${provider} key.`;
}
