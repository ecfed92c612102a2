-- Webhooks can hear that a key expires soon. Existing webhooks keep the events that they have.
alter table public.webhooks
  drop constraint if exists webhooks_events_check,
  add constraint webhooks_events_check check (cardinality(events) > 0 and events <@ array['reveal.completed',
    'reveal.failed', 'vault.secret.created', 'vault.secret.rotated', 'vault.secret.deleted', 'vault.secret.revealed',
    'vault.secret.refused', 'vault.secret.expiring', 'spending.threshold', 'webhook.paused', 'team.deleted']),
  alter column events set default array['reveal.completed', 'reveal.failed', 'vault.secret.created',
    'vault.secret.rotated', 'vault.secret.deleted', 'vault.secret.revealed', 'vault.secret.refused',
    'vault.secret.expiring', 'spending.threshold', 'webhook.paused', 'team.deleted'];
