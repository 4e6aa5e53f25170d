import { z } from 'zod'
import { hmac, isSameText } from '../../platform/secrets.ts'
import { foreignKey, prose } from './json.ts'

const Profile = { name: prose(200).optional(), email: prose(254).optional(), phone: prose(40).optional() }

/** What a shop says of its signed-in visitor: a signature over who, where and until when, or a JWT. */
export const SignedIdentity = z.union([
  z.strictObject({
    userId: foreignKey,
    /** Unix seconds, at most a day ahead. */
    expiresAt: z.number().int(),
    /** hex of HMAC-SHA256(secret, `userId.storeKey.expiresAt`) */
    signature: z.string().max(200),
    ...Profile,
  }),
  z.strictObject({ jwt: z.string().max(4_096), ...Profile }),
])
export type SignedIdentity = z.output<typeof SignedIdentity>

const longest = 24 * 3_600
// The shop's clock may run ahead of ours.
const leeway = 60

/** The user the shop vouches for, or null. Only the user id is vouched for: anybody can write the rest. */
export function readIdentity(
  identity: SignedIdentity,
  storeKey: string,
  secrets: readonly string[],
  now: Date,
): string | null {
  const second = now.getTime() / 1_000
  const live = secrets.filter(secret => secret !== '')
  const claim =
    'jwt' in identity
      ? readJwt(identity.jwt, storeKey, live, second)
      : readSignature(identity, storeKey, live)
  if (!claim) return null
  const isInTime = claim.expiresAt > second && claim.expiresAt <= second + longest + leeway
  return isInTime && foreignKey.safeParse(claim.userId).success ? claim.userId : null
}

type Claim = { userId: string; expiresAt: number }
type Signed = Extract<SignedIdentity, { signature: string }>

function readSignature(
  { userId, expiresAt, signature }: Signed,
  storeKey: string,
  secrets: readonly string[],
): Claim | null {
  const text = `${userId}.${storeKey}.${expiresAt}`
  return isSignedBy(secrets, text, signature, 'hex') ? { userId, expiresAt } : null
}

const Header = z.object({
  alg: z.literal('HS256'),
  typ: z.string().optional(),
  crit: z.undefined().optional(),
})
const Claims = z.object({
  sub: z.string(),
  exp: z.number(),
  aud: z.union([z.string(), z.array(z.string())]),
  nbf: z.number().optional(),
})

/** RFC 7519 with one algorithm. The signature is compared as text: several texts can stand for the same bytes. */
function readJwt(jwt: string, storeKey: string, secrets: readonly string[], second: number): Claim | null {
  const [header, payload, signature, ...rest] = jwt.split('.')
  if (!header || !payload || !signature || rest.length > 0) return null
  if (!isSignedBy(secrets, `${header}.${payload}`, signature, 'base64url')) return null
  if (!Header.safeParse(decode(header)).success) return null
  const claims = Claims.safeParse(decode(payload))
  if (!claims.success) return null
  const { sub, exp, aud, nbf = 0 } = claims.data
  return [aud].flat().includes(storeKey) && nbf <= second + leeway ? { userId: sub, expiresAt: exp } : null
}

const isSignedBy = (secrets: readonly string[], text: string, signature: string, form: 'hex' | 'base64url') =>
  secrets.map(secret => isSameText(hmac(secret, text).toString(form), signature)).includes(true)

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
