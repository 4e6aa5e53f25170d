import { system } from '../../../platform/context.ts'
import type { Mail } from '../../../platform/mail/mail.ts'
import { openReader, type RawMail } from '../../../platform/mail/reader.ts'
import { lookingContext, type Workplace } from '../../../platform/work.ts'
import { type InboundHead, peekInbound, readRaw } from '../../channels/ledger.ts'
import { whenMailComes } from '../../channels/mail/expecting.ts'
import { MailSettings } from '../../channels/mail/settings.ts'
import { lanes } from '../../channels/tables.ts'
import { channelsOf } from '../taking-in.ts'

const atOnce = 100
/** Two such batches lie in memory, one being read and one being placed, as bytes and as what they say. */
const bytesAtOnce = 2 * 1024 * 1024

/** What could not be read stands in it as its error. */
export type ReadAhead = Map<number, Mail | Error>

/**
 * Reads the next mails of a lane before the transaction that places them: by a process of its own, which a mail
 * may kill, new mail before old.
 */
export function startReadingAhead(place: Workplace) {
  const reader = openReader({ filesDir: place.files.dir })
  whenMailComes(place, reader.expect)

  async function readOne(item: InboundHead, raw: RawMail, settings: MailSettings): Promise<Mail | Error> {
    const isHistory = (lanes.history as readonly number[]).includes(item.lane)
    try {
      return await reader.read(raw, {
        urgent: !isHistory,
        size: item.size,
        trustedServers: settings.trustedServers,
        // Of what lay there for years the keys are gone, and fifty thousand look-ups would tell nobody anything.
        looksUp: !isHistory,
        envelope: envelopeOf(item.headers),
      })
    } catch (error) {
      return error as Error
    }
  }

  return {
    /** `after`: those behind this item, which is being placed. */
    async readAhead(
      lane: number,
      { after = 0, limit }: { after?: number; limit: number },
    ): Promise<ReadAhead> {
      const ctx = lookingContext(place, system)
      const items = withinBytes(await peekInbound(ctx, lane, { after, limit: Math.min(limit, atOnce) }))
      if (items.length === 0) return new Map()
      const accounts = await channelsOf(ctx, items)
      const settings = new Map(
        [...accounts].map(([id, channel]) => [id, MailSettings.parse(channel.settings)]),
      )
      const raws = await readRaw(
        ctx,
        items.filter(item => !item.rawFile).map(item => item.id),
      )
      return new Map(
        await Promise.all(
          items.map(async (item): Promise<[number, Mail | Error]> => {
            const raw = item.rawFile ? { sha256: item.rawFile.sha256 } : { bytes: raws.get(item.id)! }
            return [item.id, await readOne(item, raw, settings.get(item.channelId)!)]
          }),
        ),
      )
    },
    stop: () => reader.stop(),
  }
}

function withinBytes(items: readonly InboundHead[]) {
  let bytes = 0
  const first = items.findIndex((item, n) => {
    bytes += item.size
    return n > 0 && bytes > bytesAtOnce
  })
  return first === -1 ? items : items.slice(0, first)
}

/** As the receiver of forwarded mail noted it; what was fetched has none. */
const envelopeOf = ({ 'client-ip': clientIp, helo, 'envelope-from': mailFrom }: Record<string, string>) => ({
  ...(clientIp && { clientIp }),
  ...(helo && { helo }),
  ...(mailFrom && { mailFrom }),
})
