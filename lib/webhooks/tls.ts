import "server-only";
import type { ClientRequest } from "node:http";
import { TLSSocket } from "node:tls";
import type { DeliveryError } from "./types";

// https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-parameters-6
const CERTIFICATE_REQUIRED = 116;
/**
 * What receivers answer to a sender without a certificate: TLS 1.2 has no alert for it, and leaves it to them
 * (RFC 5246, section 7.4.6). From handshake_failure to certificate_unknown, and unknown_ca.
 */
const WITHOUT_CERTIFICATE = [40, 41, 42, 43, 44, 45, 46, 48];

/** Two sides that do not agree about TLS. */
export class TlsFailure extends Error {
  readonly kind: DeliveryError;

  constructor(kind: DeliveryError, cause: Error) {
    super(kind, { cause });
    this.kind = kind;
  }
}

/**
 * Watches a request's TLS, which fails for either of two sides: this one does not accept the receiver's certificate,
 * or the receiver sends an alert, which is about what it wants, never about its certificate.
 *
 * @param request before its connection is made
 * @returns what makes a TlsFailure of the request's error, where it is one
 */
export function watchTls(request: ClientRequest): (error: NodeJS.ErrnoException) => Error {
  let asksForCertificate = false;
  request.once("socket", (socket) => {
    if (!(socket instanceof TLSSocket)) return;
    // Not before, because each address that is tried has a handle of its own.
    socket.once("connect", () => {
      // The only event after a receiver may have asked for a certificate, and before the handshake is known to have
      // failed. On this side, algorithms are shared once it has. The keys that the event brings are left alone.
      socket.on("keylog", () => {
        asksForCertificate ||= socket.getSharedSigalgs().length > 0;
      });
    });
  });
  return (error) => {
    const { socket } = request;
    // The code or else the message of what made Node refuse the certificate, though its type says otherwise.
    const refused: unknown = socket instanceof TLSSocket ? socket.authorizationError : null;
    if (refused && (refused === error.code || refused === error.message)) {
      return new TlsFailure("certificate_invalid", error);
    }
    // OpenSSL says so of those that it received, under names that differ from version to version.
    const alert = Number(/\bSSL alert number (\d+)/.exec(error.message)?.[1] ?? Number.NaN);
    if (Number.isNaN(alert)) return error;
    const lacksOurs = asksForCertificate && WITHOUT_CERTIFICATE.includes(alert);
    const isRequired = lacksOurs || alert === CERTIFICATE_REQUIRED;
    return new TlsFailure(isRequired ? "client_certificate_required" : "tls_refused", error);
  };
}
