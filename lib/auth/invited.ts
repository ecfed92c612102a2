/**
 * What an account's metadata says if it was created to join a team: the link that confirms its address may be opened in another
 * browser, which does not know of the invitation. It can be set by the person, so it decides about words alone.
 */
export const INVITED = "invited";
