"use client";

import { useChange } from "@/components/shared/useChange";

/** What someone else did in the meantime, in the words for the person who comes too late. */
const MEANWHILE = {
  team_not_found: "You're no longer in this team, or it was deleted.",
  team_role_required: "You're no longer an admin of this team.",
  member_not_found: "This person is no longer in the team.",
  secret_not_found: "The team no longer has this key.",
  invite_not_found: "This link was used or revoked in the meantime.",
};

/** {@link useChange} for a change of the team. */
export const useTeamChange = () => useChange(MEANWHILE);
