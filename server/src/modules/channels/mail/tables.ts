import { bigint, index, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { id, instant } from '../../../platform/columns.ts'
import { channels } from '../tables.ts'

/** What a mail channel has beside its settings: its credentials, and how the connection to its server fares. */
export const mailboxes = pgTable('mailboxes', {
  channelId: uuid()
    .primaryKey()
    .references(() => channels.id),
  /** JSON of passwords, tokens and keys; see `Credentials`. */
  credentialsSealed: text(),
  /** When a token can no longer be renewed, as far as its giver says. */
  credentialsExpireAt: instant(),
  connectedAt: instant(),
  lastFetchedAt: instant(),
  lastSentAt: instant(),
  /** Since when it fails without a success in between, and why: a code and the server's own words. */
  failingSince: instant(),
  failure: text(),
  failureDetail: text(),
  /** Set by a person: look now; compare both sides now. */
  fetchAskedAt: instant(),
  comparisonAskedAt: instant(),
  /** The one process that fetches, until when by the database's clock; anybody's once that is over. */
  fetcher: uuid(),
  fetcherUntil: instant(),
  /** A consent that somebody went off to give at the giver of tokens: the hash of its state, used once. */
  grantStateHash: text(),
  grantUntil: instant(),
})

/** One folder of a mailbox, and how far it is read: the cursor is (mailbox, UIDVALIDITY, UID). */
export const mailFolders = pgTable(
  'mail_folders',
  {
    id: id(),
    channelId: uuid()
      .notNull()
      .references(() => channels.id),
    path: text().notNull(),
    uidValidity: bigint({ mode: 'number' }).notNull(),
    /** What stands above it is new. What below it is not held yet is the comparison's to find, also at the first look. */
    lastUid: bigint({ mode: 'number' }).notNull(),
    /** What lay there when it was first looked at, up to this UID, is history: it opens no clock and gets no answer. */
    historyUntilUid: bigint({ mode: 'number' }).notNull(),
    /** Of history, what came before is left where it is; what came after `liveSince` and is unanswered is live mail. */
    historySince: instant().notNull(),
    liveSince: instant().notNull(),
    /** The last full comparison of both sides. */
    comparedAt: instant(),
    serverCount: integer(),
    heldCount: integer(),
    /** Found missing by a comparison and fetched after all, ever. */
    repairedCount: integer().notNull().default(0),
  },
  t => [unique('mail_folders_once').on(t.channelId, t.path)],
)

/** Which mail of the ledger lay under which UID: what lets both sides be compared without fetching anything. */
export const mailSightings = pgTable(
  'mail_sightings',
  {
    folderId: uuid()
      .notNull()
      .references(() => mailFolders.id),
    uidValidity: bigint({ mode: 'number' }).notNull(),
    uid: bigint({ mode: 'number' }).notNull(),
    /** SHA-256 of the raw bytes in hex: the ledger's external id. */
    sha256: text().notNull(),
    seenAt: instant().notNull(),
    /** When what the operator wants done at the source (mark, move, delete) was done. */
    settledAt: instant(),
  },
  t => [
    primaryKey({ columns: [t.folderId, t.uidValidity, t.uid] }),
    index('mail_sightings_by_content').on(t.sha256),
  ],
)

/** What the server lists but would not hand over. The others go on; each comparison asks for it once more. */
export const mailUnfetched = pgTable(
  'mail_unfetched',
  {
    folderId: uuid()
      .notNull()
      .references(() => mailFolders.id),
    uidValidity: bigint({ mode: 'number' }).notNull(),
    uid: bigint({ mode: 'number' }).notNull(),
    attempts: integer().notNull(),
    /** A code such as `too_large`, or the server's own words. */
    reason: text().notNull(),
    triedAt: instant().notNull(),
  },
  t => [primaryKey({ columns: [t.folderId, t.uidValidity, t.uid] })],
)
