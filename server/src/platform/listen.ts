import pg from 'pg'
import type { Connection } from './db.ts'

/**
 * LISTEN only wakes: a notice lost while the connection was down costs nothing, because every (re)connect
 * wakes everyone and everyone reads from his cursor.
 */
export function startListening(
  connection: Connection,
  channels: Record<string, (payload: string) => void>,
  connected: () => void,
) {
  let client: pg.Client | null = null
  let stopped = false
  let retry: NodeJS.Timeout

  async function connect() {
    if (stopped) return
    const fresh = new pg.Client({
      ...connection,
      keepAlive: true,
      connectionTimeoutMillis: 4_000,
      application_name: 'afar listen',
    })
    let lost = false
    const lose = () => {
      if (lost) return
      lost = true
      client = null
      fresh.end().catch(() => {})
      if (!stopped) retry = setTimeout(connect, 500)
    }
    fresh.on('error', lose)
    fresh.on('end', lose)
    fresh.on('notification', ({ channel, payload }) => channels[channel]?.(payload ?? ''))
    try {
      await fresh.connect()
      for (const channel of Object.keys(channels)) await fresh.query(`listen ${pg.escapeIdentifier(channel)}`)
      client = fresh
      connected()
    } catch {
      lose()
    }
  }
  const first = connect()

  return {
    async stop() {
      stopped = true
      clearTimeout(retry)
      await first
      await client?.end().catch(() => {})
    },
  }
}
