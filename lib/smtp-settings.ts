import { z } from "zod";
import { isLoopback } from "./vault/http/site.ts";

/** The server that mail is handed to. */
export interface SmtpSettings {
  host: string;
  port: number;
  /** Whether the server is this machine, so that nobody is in between. */
  isLoopback: boolean;
  login: { user: string; pass: string } | undefined;
  from: Sender;
}

interface Sender {
  /** Empty where there is only an address. */
  name: string;
  address: string;
}

/** https://www.rfc-editor.org/rfc/rfc6409#section-3.1 */
const SUBMISSION_PORT = 587;

const NAME_AND_ADDRESS = /^(?:"?([^"<>\p{Cc}]*?)"?\s*<([^<>\s]+)>|([^<>\s]+))$/u;
const address = z.email().max(254);

/**
 * Reads the SMTP_* variables; `.env.example` says what each is.
 *
 * @returns the settings, undefined where none of the variables is set; and the names of those that are missing or
 *   malformed
 */
export function readSmtp(source: Record<string, string | undefined>): {
  settings: SmtpSettings | undefined;
  wrong: string[];
} {
  const { SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASS, SMTP_FROM } = source;
  if (![SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASS, SMTP_FROM].some(Boolean)) {
    return { settings: undefined, wrong: [] };
  }
  const host = hostOf(SMTP_HOST);
  const port = portOf(SMTP_PORT);
  const from = senderOf(SMTP_FROM);
  const wrong = [
    ...(host ? [] : ["SMTP_HOST"]),
    ...(port ? [] : ["SMTP_PORT"]),
    ...(SMTP_PASS && !SMTP_USER ? ["SMTP_USER"] : []),
    ...(SMTP_USER && !SMTP_PASS ? ["SMTP_PASS"] : []),
    ...(from ? [] : ["SMTP_FROM"]),
  ];
  if (!host || !port || !from || wrong.length > 0) return { settings: undefined, wrong };
  const login = SMTP_USER && SMTP_PASS ? { user: SMTP_USER, pass: SMTP_PASS } : undefined;
  return { settings: { ...host, port, login, from }, wrong };
}

/** A host name or an IP address, IPv6 with or without brackets. */
function hostOf(text = ""): { host: string; isLoopback: boolean } | undefined {
  if (!/^[\w.:[\]-]+$/.test(text)) return undefined;
  const isIPv6 = text.includes("::") || text.split(":").length > 2;
  const address = `http://${isIPv6 && !text.startsWith("[") ? `[${text}]` : text}/`;
  if (!URL.canParse(address)) return undefined;
  const { hostname, port } = new URL(address);
  if (port) return undefined;
  return { host: hostname.replace(/^\[|\]$/g, ""), isLoopback: isLoopback(hostname) };
}

function portOf(text?: string): number | undefined {
  if (!text) return SUBMISSION_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** `vault@example.com` or `Command Center <vault@example.com>`. */
function senderOf(text = ""): Sender | undefined {
  const [, name = "", inBrackets, alone] = NAME_AND_ADDRESS.exec(text.trim()) ?? [];
  const parsed = address.safeParse(inBrackets ?? alone);
  return parsed.success ? { name: name.trim(), address: parsed.data } : undefined;
}
