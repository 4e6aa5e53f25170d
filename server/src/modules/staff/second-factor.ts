import { randomBytes } from 'node:crypto'
import { createOTP } from '@better-auth/utils/otp'
import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, invalid } from '../../platform/errors.ts'
import { hashToken, isSameText, newToken, type Secrets } from '../../platform/secrets.ts'
import { authTwoFactors, authVerifications } from './tables.ts'

const minute = 60_000
/** RFC 6238 §5.2: one step back and one ahead, for clocks that are off and people who type slowly. */
const stepMs = 30_000
const neighbours = [0, -1, 1]
const challengeLifetime = 10 * minute
const backupCodeCount = 10

/** Begins anew as long as no code has confirmed it; one that is on must be switched off with the password first. */
export async function beginSecondFactor(
  ctx: Ctx,
  secrets: Secrets,
  { id, email }: { id: string; email: string },
) {
  // 27 characters of base64url: the 160 bits that RFC 4226 §4 recommends.
  const seed = newToken().slice(0, 27)
  const backupCodes = Array.from({ length: backupCodeCount }, newBackupCode)
  const pending = {
    secretSealed: secrets.seal(seed, whereSealed(id)),
    backupCodes: backupCodes.map(code => secrets.sign('backup-code', `${id} ${code}`)),
    createdAt: ctx.now,
  }
  const [begun] = await ctx.db
    .insert(authTwoFactors)
    .values({ ...pending, userId: id })
    .onConflictDoUpdate({
      target: authTwoFactors.userId,
      set: pending,
      setWhere: isNull(authTwoFactors.verifiedAt),
    })
    .returning({ id: authTwoFactors.userId })
  if (!begun) throw conflict('second_factor_on', 'The second factor is on already.')
  return { uri: createOTP(seed).url('Afar', email), backupCodes }
}

export async function confirmSecondFactor(ctx: Ctx, secrets: Secrets, staffId: string, code: string) {
  const [pending] = await ctx.db
    .select()
    .from(authTwoFactors)
    .where(and(eq(authTwoFactors.userId, staffId), isNull(authTwoFactors.verifiedAt)))
  if (!pending) throw conflict('second_factor_not_begun', 'Begin with a new secret first.')
  const step = await stepOf(secrets.open(pending.secretSealed, whereSealed(staffId)), code, ctx.now)
  if (step === undefined) throw invalid('wrong_code', 'This code does not match.')
  await ctx.db
    .update(authTwoFactors)
    .set({ verifiedAt: ctx.now, lastStep: step })
    .where(eq(authTwoFactors.userId, staffId))
}

export const removeSecondFactor = (ctx: Ctx, staffId: string) =>
  ctx.db.delete(authTwoFactors).where(eq(authTwoFactors.userId, staffId))

/** Uses up a code of the app or a backup code; false where it is wrong or was used before. */
export async function spendCode(ctx: Ctx, secrets: Secrets, staffId: string, code: string) {
  const mine = eq(authTwoFactors.userId, staffId)
  const [factor] = await ctx.db.select().from(authTwoFactors).where(mine)
  if (!factor) return false
  if (!/^\d{6}$/.test(code)) return spendBackupCode(ctx, secrets, factor, code)
  const step = await stepOf(secrets.open(factor.secretSealed, whereSealed(staffId)), code, ctx.now)
  if (step === undefined) return false
  const unused = or(isNull(authTwoFactors.lastStep), lt(authTwoFactors.lastStep, step))
  const spent = await ctx.db
    .update(authTwoFactors)
    .set({ lastStep: step })
    .where(and(mine, unused))
    .returning()
  return spent.length === 1
}

/** The password was right; what is answered is for a cookie, and the code must come with it within ten minutes. */
export async function openChallenge(ctx: Ctx, staffId: string) {
  const token = newToken()
  await ctx.db.insert(authVerifications).values({
    identifier: hashToken(token),
    value: staffId,
    createdAt: ctx.now,
    expiresAt: new Date(ctx.now.getTime() + challengeLifetime),
  })
  return token
}

export async function findChallenged(ctx: Ctx, token: string) {
  const [challenge] = await ctx.db
    .select({ staffId: authVerifications.value })
    .from(authVerifications)
    .where(isOpen(ctx, token))
  return challenge?.staffId
}

export async function closeChallenge(ctx: Ctx, token: string) {
  const closed = await ctx.db
    .delete(authVerifications)
    .where(isOpen(ctx, token))
    .returning({ id: authVerifications.id })
  return closed.length === 1
}

const whereSealed = (staffId: string) => ({
  table: 'auth_two_factors',
  row: staffId,
  column: 'secret_sealed',
})

const isOpen = (ctx: Ctx, token: string) =>
  and(eq(authVerifications.identifier, hashToken(token)), gt(authVerifications.expiresAt, ctx.now))

async function stepOf(seed: string, code: string, now: Date) {
  const current = Math.floor(now.getTime() / stepMs)
  for (const distance of neighbours) {
    if (isSameText(await createOTP(seed).hotp(current + distance), code)) return current + distance
  }
  return undefined
}

/** 50 bits in letters that are not mistaken for each other; kept under our key, so that they are not guessed offline. */
function newBackupCode() {
  const letters = Array.from(randomBytes(10), byte => 'abcdefghjkmnpqrstuvwxyz023456789'[byte % 32]).join('')
  return `${letters.slice(0, 5)}-${letters.slice(5)}`
}

async function spendBackupCode(
  ctx: Ctx,
  secrets: Secrets,
  factor: typeof authTwoFactors.$inferSelect,
  code: string,
) {
  const text = `${factor.userId} ${code.toLowerCase()}`
  const kept = factor.backupCodes.find(signature => secrets.verify('backup-code', text, signature))
  if (!kept) return false
  const spent = await ctx.db
    .update(authTwoFactors)
    .set({ backupCodes: sql`array_remove(${authTwoFactors.backupCodes}, ${kept})` })
    .where(and(eq(authTwoFactors.userId, factor.userId), sql`${kept} = any(${authTwoFactors.backupCodes})`))
    .returning({ id: authTwoFactors.userId })
  return spent.length === 1
}
