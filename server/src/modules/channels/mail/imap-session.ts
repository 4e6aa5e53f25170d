import type { ImapFlow, ImapFlowOptions } from 'imapflow'
import type { Outbound } from '../../../platform/outbound.ts'
import { MailFailure } from './failures.ts'
import type { MailSettings } from './settings.ts'

export type ImapServer = NonNullable<MailSettings['imap']>
export type Login = { user: string } & ({ pass: string } | { accessToken: string })

/** Partial answers of servers that know no partial fetch are whole mails; more than this is an attack. */
const mostLiteralBytes = 128 * 1024 * 1024
const connectMs = 20_000
/** How long a server may say nothing while it owes an answer. */
const silentMs = 75_000

/**
 * A session that is logged in. The name is resolved and checked by the outbound client, and the library's own
 * connection goes to the checked addresses; it keeps the name for the certificate.
 */
export async function openImap(outbound: Outbound, server: ImapServer, login: Login): Promise<ImapFlow> {
  // Loaded when the first mailbox is opened: a house without one need not carry it.
  const { ImapFlow } = await import('imapflow')
  const lookup = await outbound.pin(server.host, server.port, { timeoutMs: connectMs })
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    ...securityOf[server.security],
    tls: { lookup, minVersion: 'TLSv1.2', rejectUnauthorized: true },
    auth: login,
    logger: false,
    clientInfo: { name: 'Afar' },
    disableAutoIdle: true,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silentMs,
    maxLineLength: 16 * 1024 * 1024,
    maxLiteralSize: mostLiteralBytes,
    maxResponseSize: mostLiteralBytes + 1024 * 1024,
  })
  // Every command that waits fails by itself; this only keeps the event from ending the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    client.close()
    throw error
  }
}

/** Opens a folder; without `writes` so that nothing, not even "recent", changes at the server. */
export async function openFolder(client: ImapFlow, path: string, { writes = false } = {}) {
  try {
    return await client.mailboxOpen(path, { readOnly: !writes })
  } catch (error) {
    if (isMissing(error))
      throw new MailFailure('folder_missing', `There is no folder “${path}”. ${saidBy(error)}`.trim(), error)
    throw error
  }
}

/** UIDs in ascending order. The library answers `false` where the server refused. */
export async function searchUids(
  client: ImapFlow,
  query: Parameters<ImapFlow['search']>[0],
): Promise<number[]> {
  const uids = await client.search(query, { uid: true })
  if (!Array.isArray(uids))
    throw new MailFailure(
      client.usable ? 'server_refused' : 'disconnected',
      'The server did not list its mails.',
    )
  return uids.sort((a, b) => a - b)
}

/** As short as a command needs it: 1:4,7,9:12. */
export function rangeOf(uids: readonly number[]): string {
  const runs: [number, number][] = []
  for (const uid of uids.toSorted((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run && uid <= run[1] + 1) run[1] = uid
    else runs.push([uid, uid])
  }
  return runs.map(([from, to]) => (from === to ? from : `${from}:${to}`)).join(',')
}

const securityOf: Record<ImapServer['security'], Partial<ImapFlowOptions>> = {
  tls: { secure: true },
  starttls: { secure: false, doSTARTTLS: true },
  none: { secure: false, doSTARTTLS: false },
}

type Thrown = { mailboxMissing?: boolean; serverResponseCode?: string; responseText?: string }

const isMissing = (error: unknown) => {
  const { mailboxMissing, serverResponseCode, responseText = '' } = error as Thrown
  return (
    mailboxMissing ||
    ['NONEXISTENT', 'TRYCREATE'].includes(serverResponseCode ?? '') ||
    /doesn'?t exist|not exist|no such mailbox|unknown mailbox/i.test(responseText)
  )
}

const saidBy = (error: unknown) => (error as Thrown).responseText ?? ''
