import { timingSafeEqual } from 'node:crypto'
import { hmac } from '../../platform/secrets.ts'
import type { Headers } from './adapter.ts'

/** How long a signed request holds, to either side: the other machine's clock may differ as much. */
const toleranceSeconds = 300

/**
 * The API channel's scheme, both ways: `afar-signature: v1=<hex of HMAC-SHA256(secret, timestamp.body)>` with
 * the Unix second in `afar-timestamp`. While two secrets live, what we send carries one value for each,
 * separated by a comma.
 */
export function sign(body: string | Buffer, secrets: readonly string[], now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1_000))
  const values = secrets.map(secret => `v1=${digest(secret, timestamp, Buffer.from(body)).toString('hex')}`)
  return { 'afar-timestamp': timestamp, 'afar-signature': values.join(',') }
}

/** Accepts one signature, by any of the secrets, within the tolerance; repeated headers are no signature. */
export function isSigned(headers: Headers, raw: Buffer, secrets: readonly string[], now: Date): boolean {
  const timestamp = headers['afar-timestamp']
  const signature = headers['afar-signature']
  const isReadable =
    typeof timestamp === 'string' &&
    /^[1-9]\d{0,11}$/.test(timestamp) &&
    typeof signature === 'string' &&
    /^v1=[0-9a-f]{64}$/.test(signature)
  if (!isReadable) return false

  const given = Buffer.from(signature.slice(3), 'hex')
  const isRight = secrets
    .filter(secret => secret !== '')
    .map(secret => timingSafeEqual(digest(secret, timestamp, raw), given))
    .includes(true)
  return isRight && Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= toleranceSeconds
}

const digest = (secret: string, timestamp: string, body: Buffer) =>
  hmac(secret, Buffer.concat([Buffer.from(`${timestamp}.`), body]))
