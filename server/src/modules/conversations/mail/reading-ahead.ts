import { system } from '../../../platform/context.ts'
import type { Mail } from '../../../platform/mail/mail.ts'
import { openReader } from '../../../platform/mail/reader.ts'
import { lookingContext, type Workplace } from '../../../platform/work.ts'
import { type ClaimedInbound, peekInbound } from '../../channels/ledger.ts'
import { MailSettings } from '../../channels/mail/settings.ts'
import { lanes } from '../../channels/tables.ts'
import { channelsOf } from '../taking-in.ts'

const atOnce = 100

/**
 * Reads the next mails of a lane before the transaction that places them: by a process of its own, which a mail
 * may kill, new mail before old. What could not be read stands in the answer as its error.
 */
export function startReadingAhead(place: Workplace) {
  const reader = openReader({ filesDir: place.files.dir })

  async function readOne(item: ClaimedInbound, settings: MailSettings): Promise<Mail | Error> {
    const isHistory = (lanes.history as readonly number[]).includes(item.lane)
    try {
      return await reader.read(item.rawFile ? { sha256: item.rawFile.sha256 } : { bytes: item.raw }, {
        urgent: !isHistory,
        size: item.rawFile?.size ?? item.raw.length,
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
    async readAhead(lane: number, limit: number): Promise<Map<number, Mail | Error>> {
      const ctx = lookingContext(place, system)
      const items = await peekInbound(ctx, lane, Math.min(limit, atOnce))
      if (items.length === 0) return new Map()
      const accounts = await channelsOf(ctx, items)
      return new Map(
        await Promise.all(
          items.map(async (item): Promise<[number, Mail | Error]> => {
            const settings = MailSettings.parse(accounts.get(item.channelId)!.settings)
            return [item.id, await readOne(item, settings)]
          }),
        ),
      )
    },
    stop: () => reader.stop(),
  }
}

/** As the receiver of forwarded mail noted it; what was fetched has none. */
const envelopeOf = ({ 'client-ip': clientIp, helo, 'envelope-from': mailFrom }: Record<string, string>) => ({
  ...(clientIp && { clientIp }),
  ...(helo && { helo }),
  ...(mailFrom && { mailFrom }),
})
