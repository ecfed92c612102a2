// What nobody needs before the page stands: one file, loaded then.
export { WebhookDialogs } from "./WebhookDialogs";
export { describeResult, STATUS_BADGES } from "./words";
