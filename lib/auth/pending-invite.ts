/**
 * The cookie by which the server knows that this browser keeps an invitation: who signs in is led there. It holds no
 * secret; components/teams/inviteSecret.ts sets it.
 */
export const PENDING_INVITE = "invite-pending";
