import { startWebhookReceiver, verified, type WebhookReceiver } from "../../support/webhook-receiver";
import { test as base, expect } from "../fixtures";
import { as, expectOk, newPerson, type Person, post, type Sending } from "./client";

export const test = base.extend<{ receiver: WebhookReceiver; person: Person }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
  receiver: async ({}, use) => {
    const receiver = await startWebhookReceiver();
    await use(receiver);
    await receiver.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  person: async ({}, use) => use(await newPerson()),
});

export const remove: Sending = { method: "DELETE" };

/** Adds a webhook to a receiver; it, with its signing secret. */
export const add = async (person: Person, settings: object) =>
  expectOk(await as(person)("/api/webhooks", post(settings)), 201);

/** What the newest of so many requests says, once it has come. */
export async function newest(receiver: WebhookReceiver, count: number, secret: string) {
  const requests = await receiver.waitFor(count);
  expect(requests).toHaveLength(count);
  const [last] = requests.slice(-1);
  if (!last) throw new Error("Nothing came.");
  return verified(secret, last);
}

/** An attempt as the list shows it, once it is over. */
export async function finished(person: Person, id: string, count: number) {
  const path = `/api/webhooks/deliveries?id=${id}`;
  await expect
    .poll(async () => {
      const { deliveries } = expectOk(await as(person)(path));
      return deliveries.filter(({ status }: { status: string }) => status !== "started").length;
    })
    .toBe(count);
  return expectOk(await as(person)(path));
}
