import { TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../keys.ts";
import { type Json, jsonOf } from "./answers.ts";
import type { HostedRequest } from "./settings.ts";

/** What the embedded server says to a request. */
export interface Reply {
  status: number;
  headers: Headers;
  bytes: Buffer;
  /** The body, where it is JSON. */
  said: Json;
}

/** The embedded server behind the stand-in. */
export class Upstream {
  readonly #target: string;

  constructor(target: string) {
    this.#target = target;
  }

  async ask({ method, path, headers: sent, body }: HostedRequest): Promise<Reply> {
    const { host: _, connection: __, "content-length": ___, ...headers } = sent;
    const hasBody = method !== "GET" && method !== "HEAD" && body !== "";
    const reply = await fetch(new URL(path, this.#target), {
      ...{ method, headers, redirect: "manual" },
      ...(hasBody && { body }),
    });
    const bytes = Buffer.from(await reply.arrayBuffer());
    return { status: reply.status, headers: reply.headers, bytes, said: jsonOf(bytes.toString()) };
  }

  /** Asks the auth server something of the stand-in's own, as a session or as nobody. */
  auth(method: string, path: string, body?: Json, token?: string): Promise<Reply> {
    return this.ask({
      method,
      path: `/auth/v1${path}`,
      headers: {
        apikey: TEST_PUBLISHABLE_KEY,
        "content-type": "application/json",
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: body ? JSON.stringify(body) : "",
    });
  }

  /** Puts a mail where the embedded server's own are. */
  async mail(to: string, subject: string, text: string): Promise<void> {
    const body = JSON.stringify({ to, subject, text });
    await this.ask({ method: "POST", path: "/mailbox", headers: { apikey: TEST_SECRET_KEY }, body });
  }

  /** The newest mail to an address, of those that were caught. */
  async newestMail(to: string): Promise<{ subject: string; text: string } | undefined> {
    const { bytes } = await this.ask({
      method: "GET",
      path: "/mailbox",
      headers: { apikey: TEST_SECRET_KEY },
      body: "",
    });
    const mails: { to: string; subject: string; text: string }[] = JSON.parse(bytes.toString());
    return mails.find((mail) => mail.to.toLowerCase() === to.toLowerCase());
  }
}
