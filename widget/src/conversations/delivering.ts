import { type Call, isPassing, Refusal, Unreachable } from '../api/calls.ts'
import type { Posted } from '../api/shapes.ts'
import { loadSocket } from './connection.ts'
import type { Unsent } from './outbox.ts'
import type { Visitor } from './visitor.ts'

type Way = {
  call: Call
  visitor: Visitor
  ensureToken: () => Promise<string>
  /** Already in the thread: it was taken in, only the answer was lost. */
  isThere: (clientId: string) => boolean
  acknowledged: (entry: Unsent, posted: Posted) => void
}

/** One message to the server, as the person who wrote it; called again with the same one until it is acknowledged. */
export const deliverOver =
  ({ call, visitor, ensureToken, isThere, acknowledged }: Way) =>
  async (entry: Unsent) => {
    const { clientId, text, attachments, contact, page, owner } = entry
    if (isThere(clientId)) return
    void loadSocket().catch(() => {})
    await ensureToken()
    if (owner !== visitor.owner()) throw new Refusal(401, 'visitor_changed')
    const turn = visitor.turn()
    // The message matters more than the details beside it; a wrong address must not hold it back.
    if (contact)
      await call('PUT', '/contact', contact).catch(error => {
        if (isPassing(error)) throw error
      })
    const body = { clientId, text, attachmentIds: attachments.map(({ id }) => id), page }
    const posted = await call<Posted>('POST', '/messages', body)
    if (turn !== visitor.turn()) throw new Refusal(401, 'visitor_changed')
    if (!posted.message?.id) throw new Unreachable()
    acknowledged(entry, posted)
  }
