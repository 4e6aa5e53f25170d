import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** Where a sealed value lives. It opens only there: moved to another row or column it is refused. */
export type Place = { table: string; row: string; column: string }

export type Secrets = ReturnType<typeof createSecrets>

/**
 * Seals what must be read again (channel credentials, TOTP seeds) with AES-256-GCM and signs what goes out
 * and comes back. The first key seals and signs, the older ones only open and verify: to rotate, put the
 * new key first, and what `needsRotation` is sealed again (resealing.ts).
 *
 * A sealed value is `v1.<key id>.<iv>.<tag>.<ciphertext>` in base64url; the key id is derived from the key.
 */
export function createSecrets(masterKeys: readonly string[]) {
  const keys = masterKeys.map(openKey)
  const [current] = keys
  if (!current)
    throw new Error('Without a master key nothing is kept secret; Afar does not start without one.')

  return {
    seal(text: string, place: Place) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', current.sealing, iv)
      cipher.setAAD(boundTo(current.id, place))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const parts = [iv, cipher.getAuthTag(), sealed].map(part => part.toString('base64url'))
      return ['v1', current.id, ...parts].join('.')
    },

    /** Throws when the value was changed, sealed for another place, or sealed with a key we do not have. */
    open(sealed: string, place: Place) {
      const { id, iv, tag, ciphertext } = readSealed(sealed)
      const key = keys.find(each => each.id === id)
      if (!key) throw new Error(`The key ${id} of a sealed value is not among the master keys.`)
      const decipher = createDecipheriv('aes-256-gcm', key.sealing, iv, { authTagLength: 16 })
      decipher.setAAD(boundTo(id, place))
      decipher.setAuthTag(tag)
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8')
    },

    hasEarlierKeys: keys.length > 1,

    needsRotation: (sealed: string) => readSealed(sealed).id !== current.id,

    /** A signature that holds for one purpose only, so that a signed cursor never passes for a signed link. */
    sign: (purpose: string, text: string) => hmac(signingKey(current, purpose), text).toString('base64url'),

    verify: (purpose: string, text: string, signature: string) =>
      keys.some(key => isSameText(hmac(signingKey(key, purpose), text).toString('base64url'), signature)),

    /** Keys for a purpose that does its own cryptography (the audit chain), the current one first. */
    keysFor: (purpose: string): Buffer[] => keys.map(key => signingKey(key, purpose)),
  }
}

/** For API keys, sessions and invitations: 256 bits from the system, shown once. */
export const newToken = () => randomBytes(32).toString('base64url')

/** How a token is kept. A fast hash is enough, since nobody can guess 256 bits; passwords need argon2id. */
export const hashToken = (token: string) => createHash('sha256').update(token, 'utf8').digest('hex')

/** HMAC-SHA256 with a key that others know too: webhook signatures, a shop's word for its visitor. */
export const hmac = (key: string | Buffer, content: string | Buffer) =>
  createHmac('sha256', key).update(content).digest()

/** Compares without telling by its duration how much was right. Only the length can be learnt. */
export function isSameText(expected: string, given: string) {
  const a = Buffer.from(expected, 'utf8')
  const b = Buffer.from(given, 'utf8')
  return a.length === b.length && timingSafeEqual(a, b)
}

type Key = { id: string; master: Buffer; sealing: Buffer }

function openKey(master: string): Key {
  if (master.length < 32) throw new Error('A master key needs at least 32 characters.')
  const bytes = Buffer.from(master, 'utf8')
  return {
    id: derive(bytes, 'key id').subarray(0, 6).toString('base64url'),
    master: bytes,
    sealing: derive(bytes, 'sealing'),
  }
}

const signingKey = (key: Key, purpose: string) => derive(key.master, `signing ${purpose}`)

// No salt: the master key is random already, and a salt would have to be kept beside it.
const derive = (master: Buffer, purpose: string) =>
  Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `afar v1 ${purpose}`, 32))

// As JSON, so that no two places can be written alike.
const boundTo = (keyId: string, { table, row, column }: Place) =>
  Buffer.from(JSON.stringify(['v1', keyId, table, row, column]))

function readSealed(sealed: string) {
  const [version, id, ...rest] = sealed.split('.')
  const [iv, tag, ciphertext] = rest.map(part => Buffer.from(part, 'base64url'))
  if (
    version !== 'v1' ||
    !id ||
    rest.length !== 3 ||
    iv?.length !== 12 ||
    tag?.length !== 16 ||
    !ciphertext
  ) {
    throw new Error('This is not a sealed value.')
  }
  return { id, iv, tag, ciphertext }
}
