import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import type { Workplace } from '../../../platform/work.ts'
import { failureOf, MailFailure } from './failures.ts'
import { openFolder, openImap, searchUids } from './imap-session.ts'
import { imapLogin, type MailAccount, smtpLogin } from './login.ts'
import { sendMail } from './sending.ts'
import { openSmtp } from './smtp-session.ts'

export const trialSteps = [
  'imap_session',
  'imap_folder',
  'imap_move_folder',
  'imap_abilities',
  'smtp_session',
  'mail_arrives',
  'plus_address_arrives',
] as const

export type TrialStep = {
  step: (typeof trialSteps)[number]
  ok: boolean
  /** Why not, in the words of `failures.ts`; `not_arrived` for a mail that did not come in time. */
  code: string | null
  detail: string
  milliseconds: number
}

const arrivalMs = 20_000
/** Whoever reads incoming mail knows by it that nobody wrote this one. */
export const trialHeader = 'X-Afar-Trial'

/** Tries both directions, each by itself, and says step by step what works and what the server said where not. */
export async function tryMailbox(
  place: Workplace,
  account: MailAccount,
  { sendsMail = false, waitMs = arrivalMs } = {},
): Promise<TrialStep[]> {
  const steps: TrialStep[] = []
  let client: ImapFlow | undefined

  async function take(step: TrialStep['step'], work: () => Promise<string>) {
    const started = performance.now()
    const note = (ok: boolean, code: string | null, detail: string) =>
      steps.push({ step, ok, code, detail, milliseconds: Math.round(performance.now() - started) })
    try {
      note(true, null, await work())
      return true
    } catch (error) {
      const { code, detail } = failureOf(error)
      note(false, error instanceof NotArrived ? 'not_arrived' : code, detail)
      return false
    }
  }

  const { imap, smtp, afterwards, moveTo } = account.settings
  try {
    if (imap) {
      const isIn = await take('imap_session', async () => {
        client = await openImap(place.outbound, imap, await imapLogin(place, account))
        return client.greeting || ''
      })
      if (isIn) await take('imap_folder', () => countFolder(client!, imap.folder))
      if (isIn && afterwards === 'move')
        await take('imap_move_folder', () => countFolder(client!, moveTo ?? ''))
      if (isIn) await take('imap_abilities', async () => abilitiesOf(client!))
    }
    const canSend =
      smtp !== null &&
      (await take('smtp_session', async () => {
        const name = new URL(place.url).hostname
        const session = await openSmtp(place.outbound, {
          ...smtp,
          name,
          login: await smtpLogin(place, account),
        })
        session.quit()
        return ''
      }))
    if (sendsMail && canSend && imap && client?.usable) {
      const opened = client
      const travels = (address: string) => sendAndWait(place, account, opened, imap.folder, address, waitMs)
      const address = account.settings.address ?? ''
      if (await take('mail_arrives', () => travels(address)))
        await take('plus_address_arrives', () => travels(address.replace('@', '+afar-trial@')))
    }
  } finally {
    client?.close()
  }
  return steps
}

async function countFolder(client: ImapFlow, path: string) {
  const { exists } = await openFolder(client, path)
  return String(exists)
}

const abilitiesOf = ({ capabilities }: ImapFlow) =>
  ['IDLE', 'UIDPLUS', 'MOVE', 'CONDSTORE'].filter(ability => capabilities.has(ability)).join(' ')

/** Sends a mail to ourselves, waits until it is there, and takes it away again. */
async function sendAndWait(
  place: Workplace,
  account: MailAccount,
  client: ImapFlow,
  folder: string,
  to: string,
  waitMs: number,
) {
  const from = account.settings.address ?? ''
  const nonce = randomUUID()
  const source = Buffer.from(
    [
      `From: ${from}`,
      `To: ${to}`,
      'Subject: Afar test',
      `Date: ${place.clock.now().toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <${nonce}@${from.slice(from.lastIndexOf('@') + 1)}>`,
      `${trialHeader}: ${nonce}`,
      'Auto-Submitted: auto-generated',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'This mail was sent by Afar to try out a mailbox. It may be deleted.',
      '',
    ].join('\r\n'),
  )
  const sent = await sendMail({ ...place, place }, account, { envelope: { from, to: [to] }, source })
  if (sent.outcome !== 'done') throw new MailFailure('server_refused', sent.reason)
  const started = performance.now()
  while (performance.now() - started < waitMs) {
    await openFolder(client, folder, { writes: true })
    const [uid] = await searchUids(client, { header: { [trialHeader]: nonce } })
    if (uid !== undefined) {
      if (client.capabilities.has('UIDPLUS')) await client.messageDelete(String(uid), { uid: true })
      return sent.providerRef ?? ''
    }
    await pause(250)
  }
  throw new NotArrived(
    `The mail was accepted (${sent.providerRef ?? ''}) and did not arrive in ${waitMs / 1_000} s.`,
  )
}

class NotArrived extends Error {}
