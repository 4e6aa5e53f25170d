import { fromSql, type Measure } from '../../../platform/metrics.ts'

const fetched = `from mailboxes m join channels c on c.id = m.channel_id
  where c.active and jsonb_typeof(c.settings -> 'imap') = 'object'`

/** The age of the last success is the one number that rises whatever keeps mail from coming in. */
export const mailboxMeasures: readonly Measure[] = [
  {
    name: 'afar_mailbox_fetched_seconds',
    help: 'Since a mailbox was last looked at with success, or since its channel was made',
    labels: ['channel'],
    read: fromSql(`select c.id::text as channel,
      greatest(0, extract(epoch from clock_timestamp() - coalesce(m.last_fetched_at, c.created_at))) as value ${fetched}`),
  },
  {
    name: 'afar_mailbox_failing',
    help: '1 while a mailbox cannot be fetched',
    labels: ['channel'],
    read: fromSql(`select c.id::text as channel, (m.failing_since is not null)::int as value ${fetched}`),
  },
  {
    name: 'afar_mailbox_missing',
    help: 'Mails the server holds and we do not, at the last comparison',
    labels: ['channel'],
    read: fromSql(`select f.channel_id::text as channel, sum(f.server_count - f.held_count) as value
      from mail_folders f where f.compared_at is not null group by 1`),
  },
]
