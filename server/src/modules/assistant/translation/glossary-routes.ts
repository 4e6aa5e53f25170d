import { Id, Nothing, pageOf, type RawRoute, route } from '../../../platform/route.ts'
import { transact } from '../../../platform/work.ts'
import { changeTerm, createTerm, deleteTerm, exportTerms, importTerms, listTerms } from './glossary.ts'
import { GlossaryFile, GlossaryImport, GlossaryTerm, NewGlossaryTerm } from './schemas.ts'

const manage = 'assistant:manage'

export const glossaryRoutes = [
  route({
    method: 'GET',
    url: '/glossary-terms',
    summary: 'List the words with one right translation',
    permission: 'conversations:read',
    returns: pageOf(GlossaryTerm),
    run: async ctx => ({ items: await listTerms(ctx), next: null }),
  }),
  route({
    method: 'POST',
    url: '/glossary-terms',
    summary: 'Add a term to the glossary',
    permission: manage,
    body: NewGlossaryTerm,
    returns: GlossaryTerm,
    status: 201,
    run: (ctx, { body }) => createTerm(ctx, body),
  }),
  route({
    method: 'POST',
    url: '/glossary-terms/import',
    summary: 'Take in a glossary as CSV: from,to,term,translation,case_sensitive,locked',
    permission: manage,
    body: GlossaryFile,
    returns: GlossaryImport,
    run: (ctx, { body }) => importTerms(ctx, body.csv),
  }),
  route({
    method: 'PUT',
    url: '/glossary-terms/:id',
    summary: 'Change a term of the glossary',
    permission: manage,
    params: Id,
    body: NewGlossaryTerm,
    returns: GlossaryTerm,
    run: (ctx, { params, body }) => changeTerm(ctx, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/glossary-terms/:id',
    summary: 'Take a term out of the glossary',
    permission: manage,
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => deleteTerm(ctx, params.id),
  }),
]

export const glossaryRawRoutes: RawRoute[] = [
  {
    method: 'GET',
    url: '/glossary-terms/export',
    summary: 'Fetch the glossary as CSV',
    permission: manage,
    async handle(place, actor, _request, reply) {
      const csv = await transact(place, actor, ctx => exportTerms(ctx))
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="glossary.csv"')
        .send(`\ufeff${csv}`)
    },
  },
]
