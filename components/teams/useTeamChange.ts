"use client";

import { useChange } from "@/components/shared/useChange";

/** What somebody else did meanwhile, as the person who comes too late is told. */
const MEANWHILE = {
  team_not_found: "You are not in this team any more, or it was deleted.",
  team_role_required: "You are not an admin of this team any more.",
  member_not_found: "This person is not in the team any more.",
  secret_not_found: "The team does not have this key any more.",
  invite_not_found: "This link was used or taken back meanwhile.",
};

/** {@link useChange} for a change of the team. */
export const useTeamChange = () => useChange(MEANWHILE);
