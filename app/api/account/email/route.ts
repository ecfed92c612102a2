import { changeEmail } from "@/lib/account/email";
import { emailBody, MAX_ACCOUNT_BODY_BYTES } from "@/lib/account/schema";
import { requireAccountConfirmation } from "@/lib/auth/confirmation";
import { receive } from "@/lib/vault/access";
import { methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

/** Asks for another e-mail address, which counts once the links in the mails about it were opened. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, emailBody, MAX_ACCOUNT_BODY_BYTES);
    await requireAccountConfirmation(user);
    await changeEmail(user, body.email);
    return noContent();
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
