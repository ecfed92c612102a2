-- Open invitations all look the same: a label says whom each is for. Admins of the team see it, through the server.
alter table public.team_invites
  add column if not exists label text
    constraint team_invites_label_check check (char_length(label) between 1 and 60);
