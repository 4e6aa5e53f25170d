import { and, asc, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Ctx } from '../../../platform/context.ts'
import { conflict, found, invalid, isUniqueViolation } from '../../../platform/errors.ts'
import { assertSeesStores } from '../../staff/roles.ts'
import { glossaryChanged } from '../events.ts'
import { readGlossary, writeGlossary } from './glossary-file.ts'
import type { Term } from './pieces.ts'
import type { NewGlossaryTerm } from './schemas.ts'
import { moveGlossary } from './settings.ts'
import { glossaryTerms } from './tables.ts'

const mostTerms = 5_000

export const listTerms = (ctx: Ctx) =>
  ctx.db
    .select()
    .from(glossaryTerms)
    .orderBy(asc(glossaryTerms.term), asc(glossaryTerms.toLanguage), asc(glossaryTerms.id))
    .limit(mostTerms)

/** Of a direction; the particular before the general, so that one term stands for one thing. */
export async function termsFor(ctx: Ctx, from: string | null, to: string): Promise<Term[]> {
  const rows = await ctx.db
    .select()
    .from(glossaryTerms)
    .where(and(isFor(glossaryTerms.fromLanguage, from), isFor(glossaryTerms.toLanguage, to)))
    .orderBy(
      sql`${glossaryTerms.fromLanguage} is null`,
      sql`${glossaryTerms.toLanguage} is null`,
      asc(glossaryTerms.id),
    )
    .limit(mostTerms)
  return [...new Map(rows.reverse().map(row => [row.term, row])).values()]
}

const isFor = (column: PgColumn, language: string | null): SQL | undefined =>
  language === null ? isNull(column) : or(isNull(column), eq(column, language))

export async function createTerm(ctx: Ctx, input: NewGlossaryTerm) {
  assertSeesStores(ctx.actor, null)
  await assertRoom(ctx, 1)
  const [row] = await ctx.db
    .insert(glossaryTerms)
    .values({ ...input, createdAt: ctx.now })
    .returning()
    .catch(termTaken)
  await tell(ctx, 'glossary_term.created', row!.id)
  return row!
}

export async function changeTerm(ctx: Ctx, id: string, input: NewGlossaryTerm) {
  await assertTerm(ctx, id)
  assertSeesStores(ctx.actor, null)
  const [row] = await ctx.db
    .update(glossaryTerms)
    .set(input)
    .where(eq(glossaryTerms.id, id))
    .returning()
    .catch(termTaken)
  await tell(ctx, 'glossary_term.changed', id)
  return found(row, 'glossary_term')
}

export async function deleteTerm(ctx: Ctx, id: string) {
  await assertTerm(ctx, id)
  assertSeesStores(ctx.actor, null)
  const [row] = await ctx.db
    .delete(glossaryTerms)
    .where(eq(glossaryTerms.id, id))
    .returning({ id: glossaryTerms.id })
  found(row, 'glossary_term')
  await tell(ctx, 'glossary_term.deleted', id)
}

export const exportTerms = async (ctx: Ctx) => writeGlossary(await listTerms(ctx))

/** Adds what is new and changes what is there; nothing is taken away. */
export async function importTerms(ctx: Ctx, csv: string) {
  assertSeesStores(ctx.actor, null)
  const { terms, refused } = readGlossary(csv)
  if (terms.length === 0) return { added: 0, changed: 0, refused }
  await assertRoom(ctx, terms.length)
  const rows = await ctx.db
    .insert(glossaryTerms)
    .values(terms.map(term => ({ ...term, createdAt: ctx.now })))
    .onConflictDoUpdate({
      target: [glossaryTerms.fromLanguage, glossaryTerms.toLanguage, glossaryTerms.term],
      set: {
        translation: sql`excluded.translation`,
        isCaseSensitive: sql`excluded.is_case_sensitive`,
        isLocked: sql`excluded.is_locked`,
      },
    })
    .returning({ isNew: sql<boolean>`xmax = 0` })
  await tell(ctx, 'glossary.imported', 'all')
  const added = rows.filter(({ isNew }) => isNew).length
  return { added, changed: rows.length - added, refused }
}

async function assertTerm(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select({ id: glossaryTerms.id })
    .from(glossaryTerms)
    .where(eq(glossaryTerms.id, id))
  found(row, 'glossary_term')
}

async function assertRoom(ctx: Ctx, more: number) {
  const held = await ctx.db.$count(glossaryTerms)
  if (held + more > mostTerms)
    throw invalid('glossary_full', `A glossary holds at most ${mostTerms.toLocaleString('en')} terms.`)
}

const termTaken = (error: unknown): never => {
  throw isUniqueViolation(error)
    ? conflict('term_taken', 'This term has its translation for these languages already.')
    : error
}

async function tell(ctx: Ctx, action: string, id: string) {
  await moveGlossary(ctx)
  ctx.emit(glossaryChanged, {})
  ctx.audit(action, `glossary_term:${id}`)
}
