import { AsyncLocalStorage } from "node:async_hooks";
import { clientAddress } from "../session/client-address";

/** What is known of the request that is being answered, for the log. */
interface RequestContext {
  request?: Request;
  /** UUID of the person who sent it. */
  userId?: string;
  /** @returns the client's address, where a header that is to be trusted has it */
  clientAddress?: () => string | undefined;
}

const contexts = new AsyncLocalStorage<RequestContext>();

/** Runs the work of one request, whose checks note what they learn of it. */
export const inRequest = <T>(work: () => T): T => contexts.run({}, work);

/** Of the request that is being answered; empty outside of one. */
export const requestContext = (): RequestContext => contexts.getStore() ?? {};

/**
 * Notes which request is being answered.
 *
 * @param settings of the host; asked only where there is something to log
 */
export function noteRequest(
  request: Request,
  settings: () => { clientAddressHeader?: string | undefined },
): void {
  Object.assign(requestContext(), {
    request,
    clientAddress: () => clientAddress(request.headers, settings().clientAddressHeader),
  });
}

/**
 * Notes who has sent it.
 *
 * @param userId UUID, once the auth server has said whose session it is
 */
export function noteUser(userId: string): void {
  requestContext().userId = userId;
}
