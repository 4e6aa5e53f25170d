import { and, eq, isNotNull } from 'drizzle-orm'
import type { Actor } from '../../platform/context.ts'
import { forbidden, unauthorized } from '../../platform/errors.ts'
import { newToken, type Secrets } from '../../platform/secrets.ts'
import { lookingContext, transact, type Workplace } from '../../platform/work.ts'
import { isPassword } from './passwords.ts'
import { closeChallenge, findChallenged, openChallenge, spendCode } from './second-factor.ts'
import { type Browser, endSession, startSession } from './sessions.ts'
import { authAccounts, authTwoFactors, staff } from './tables.ts'
import { type Bucket, spendTry } from './tries.ts'

const minute = 60
const day = 24 * 60 * minute
const triesPerAccount = { limit: 5, perSeconds: 5 * minute }
const triesPerAddress = { limit: 20, perSeconds: 5 * minute }
/** Of a million codes three are right at any time: at this pace a year of guessing finds one in 50 accounts. */
const codesPerDay = { limit: 20, perSeconds: day }

/** `session` and `device` are what its cookies hold from before. */
export type Visitor = Browser & { session?: string; device?: string }
type SignedIn = { state: 'signed_in'; session: string; device: string }
type Challenged = { state: 'second_factor'; challenge: string }

/**
 * Unknown address, wrong password and deactivated colleague are refused alike, in word and in time. Opens its
 * own transactions: what a refusal leaves behind (a try less, a line in the audit) must not be rolled back.
 */
export async function signIn(
  place: Workplace,
  { email, password }: { email: string; password: string },
  visitor: Visitor,
): Promise<SignedIn | Challenged> {
  const account = await findCredentials(place, email)
  const excuse = await spendTry(place, bucketsFor(place.secrets, email, account?.id, visitor))
  const isRight = await isPassword(account?.password, password)
  if (!account || !isRight || account.deactivatedAt) {
    place.log.info({ staffId: account?.id ?? null }, 'a sign-in was refused')
    throw unauthorized('wrong_credentials', 'The e-mail address or the password is wrong.')
  }
  await excuse()
  if (await isShutToPasswords(place, account.id))
    throw forbidden('only_single_sign_on', 'Here one signs in through the giver of identities.')
  if (!account.secondFactorAt) return admit(place, account, visitor)
  return challenge(place, account)
}

type Proof = { asksSecondFactor: boolean; by: string }

/** For who was proved to be himself elsewhere; `by` says where, for the record. */
export async function signInProved(
  place: Workplace,
  account: Account,
  visitor: Visitor,
  { asksSecondFactor, by }: Proof,
): Promise<SignedIn | Challenged> {
  const hasFactor = and(eq(authTwoFactors.userId, account.id), isNotNull(authTwoFactors.verifiedAt))
  if (asksSecondFactor && (await place.db.$count(authTwoFactors, hasFactor)) > 0)
    return challenge(place, account)
  return admit(place, account, visitor, [by])
}

async function challenge(place: Workplace, account: Account): Promise<Challenged> {
  const opened = await transact(place, acting(account), ctx => openChallenge(ctx, account.id))
  return { state: 'second_factor', challenge: opened }
}

/**
 * Where a giver is the only way in, the first administrator still has his password: else a mistake in its settings,
 * or its end, would shut everybody out. Asked after the password was found right, so nobody learns who that is.
 */
async function isShutToPasswords({ pool }: Workplace, staffId: string) {
  const { rows } = await pool.query<{ shut: boolean }>(
    `select exists (select from identity_givers where is_enabled and is_only_way) and $1 is distinct from (
      select s.id from staff s join roles r on r.id = s.role_id
      where '*' = any(r.permissions) and s.deactivated_at is null order by s.created_at, s.id limit 1) as shut`,
    [staffId],
  )
  return rows[0]!.shut
}

export async function passSecondFactor(
  place: Workplace,
  challenge: string | undefined,
  code: string,
  visitor: Visitor,
): Promise<SignedIn> {
  const staffId = challenge && (await findChallenged(lookingContext(place, nobody), challenge))
  const account = staffId ? await findAccount(place, staffId) : undefined
  if (!account || account.deactivatedAt) throw tooLate()
  const excuse = await spendTry(place, [
    { key: `second factor ${account.id}`, ...triesPerAccount },
    { key: `second factor of the day ${account.id}`, ...codesPerDay },
  ])
  const admitted = await transact(place, acting(account), async ctx => {
    if (await spendCode(ctx, place.secrets, account.id, code)) {
      if (!(await closeChallenge(ctx, challenge!))) throw tooLate()
      return true
    }
    ctx.audit('session.second_factor_failed', `staff:${account.id}`)
    return false
  })
  if (!admitted) throw unauthorized('wrong_code', 'This code is wrong or was used before.')
  await excuse()
  return admit(place, account, visitor)
}

/** Whatever session the browser had ends here, so that nobody can have laid one for him to sign in to. */
async function admit(
  place: Workplace,
  account: Account,
  visitor: Visitor,
  by: string[] = [],
): Promise<SignedIn> {
  const session = await transact(place, acting(account), async ctx => {
    if (visitor.session) await endSession(ctx, visitor.session)
    ctx.audit('session.started', `staff:${account.id}`, by)
    return startSession(ctx, account.id, visitor)
  })
  const device = knownDevice(place.secrets, account.id, visitor.device) ?? newToken()
  return { state: 'signed_in', session, device: writeDevice(place.secrets, account.id, device) }
}

/**
 * A browser in which this colleague has signed in before has tries of its own. So nobody locks him out by
 * guessing at his account from elsewhere, and an office behind one address is not held up by its own size.
 */
function bucketsFor(
  secrets: Secrets,
  email: string,
  staffId: string | undefined,
  { ip, device }: Visitor,
): Bucket[] {
  const known = staffId && knownDevice(secrets, staffId, device)
  if (known) return [{ key: `sign-in device ${known}`, ...triesPerAccount }]
  return [
    { key: `sign-in address ${ip}`, ...triesPerAddress },
    { key: `sign-in account ${email}`, ...triesPerAccount },
  ]
}

const writeDevice = (secrets: Secrets, staffId: string, device: string) =>
  `${device}.${secrets.sign('device', `${staffId} ${device}`)}`

function knownDevice(secrets: Secrets, staffId: string, cookie: string | undefined) {
  const [device, signature] = cookie?.split('.') ?? []
  return device && signature && secrets.verify('device', `${staffId} ${device}`, signature)
    ? device
    : undefined
}

const tooLate = () => unauthorized('sign_in_expired', 'Enter e-mail address and password again.')

const nobody: Actor = { kind: 'staff', id: null, name: '', permissions: new Set(), storeIds: [] }

const acting = ({ id, name }: Account): Actor => ({ ...nobody, id, name })

type Account = { id: string; name: string; deactivatedAt: Date | null }

async function findCredentials({ db }: Workplace, email: string) {
  const [row] = await db
    .select({
      id: staff.id,
      name: staff.name,
      deactivatedAt: staff.deactivatedAt,
      password: authAccounts.password,
      secondFactorAt: authTwoFactors.verifiedAt,
    })
    .from(staff)
    .innerJoin(
      authAccounts,
      and(eq(authAccounts.userId, staff.id), eq(authAccounts.providerId, 'credential')),
    )
    .leftJoin(authTwoFactors, eq(authTwoFactors.userId, staff.id))
    .where(eq(staff.email, email))
  return row
}

async function findAccount({ db }: Workplace, id: string): Promise<Account | undefined> {
  const [row] = await db
    .select({ id: staff.id, name: staff.name, deactivatedAt: staff.deactivatedAt })
    .from(staff)
    .where(eq(staff.id, id))
  return row
}
