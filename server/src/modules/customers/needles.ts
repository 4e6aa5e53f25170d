import { eq, inArray, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { foldText, isDenseText, searchWords, toVector } from '../../platform/search-text.ts'
import { customers, type IdentityKind, identities } from './tables.ts'

type Known = { kind: IdentityKind; value: string; display: string }

/**
 * What a customer is found by, kept beside him by whoever changes his name or identities. Every word follows a
 * space, so a short one can be looked for at its beginning; addresses and numbers stand on lines of their own,
 * so a whole one can be told from a part.
 */
export function needlesFor(name: string, known: readonly Known[]) {
  const folded = foldName(name)
  const contacts = [...new Set(known.flatMap(contactWords))]
  const dense = [...denseWords(folded), ...denseWords(contacts.join(' ')).map(word => contactMark + word)]
  const nameNeedle = folded === '' ? '' : ` ${cut(folded, 200)} `
  return {
    nameNeedle,
    needle: cut(nameNeedle + contacts.map(contact => `${lineStart}${contact} `).join(''), 2_000),
    bigrams: dense.length > 0 ? toVector(dense) : null,
    anonymous: name.trim() === '' && known.length > 0 && known.every(({ kind }) => kind === 'visitor'),
  }
}

export const lineStart = '\n '

/** Apostrophes are left out, since people leave them out: O'Brien, O’Brien and obrien are one. */
export const foldName = (text: string) =>
  foldText(text)
    .replace(/['’‘ʼ`]/g, '')
    .replace(/\s+/g, ' ')
    .trim()

/** Marks a word of contact details, so that one index serves those who may see them and those who may not. */
export const contactMark = '@'

export const denseWords = (text: string) => searchWords(text).filter(isDenseText)

/** Brings the needles of customers up to what the tables now say; their rows must be locked by the caller. */
export async function refreshNeedles(ctx: Ctx, customerIds: readonly string[]) {
  const ids = [...customerIds]
  const rows = await ctx.db
    .select({ id: customers.id, name: customers.name })
    .from(customers)
    .where(inArray(customers.id, ids))
  const known = await ctx.db.select().from(identities).where(inArray(identities.customerId, ids))
  const theirs = Map.groupBy(known, identity => identity.customerId)
  for (const { id, name } of rows) {
    const { bigrams, ...needles } = needlesFor(name, theirs.get(id) ?? [])
    await ctx.db
      .update(customers)
      .set({ ...needles, bigrams: asVector(bigrams) })
      .where(eq(customers.id, id))
  }
}

export const asVector = (literal: string | null) => sql`${literal}::tsvector`

function contactWords({ kind, value, display }: Known): string[] {
  if (kind === 'visitor') return []
  if (kind === 'phone') return [value.replace(/;.*/, '').replace(/\D/g, '') || foldText(value)]
  return [foldText(value), foldText(display)].map(word => word.replace(/\s+/g, ' ').trim()).filter(Boolean)
}

const cut = (text: string, length: number) =>
  text.length <= length ? text : [...text].slice(0, length).join('')
