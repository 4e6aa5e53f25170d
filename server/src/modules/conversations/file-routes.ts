import { sql } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Actor, type Ctx, can } from '../../platform/context.ts'
import { forbidden, invalid, notFound } from '../../platform/errors.ts'
import { addFile, contentHeaders, type FileRow, getFile, receiveFile } from '../../platform/files.ts'
import { Id, type RawRoute } from '../../platform/route.ts'
import { lookingContext, transact, type Workplace } from '../../platform/work.ts'
import { latestOf } from './incoming.ts'
import { refuseUnseen } from './splitting/chosen.ts'
import { messages } from './tables.ts'

const megabyte = 1024 * 1024
export const uploadLimits = { staff: 25 * megabyte, visitor: 10 * megabyte }

const FileOut = z
  .object({
    id: z.uuid(),
    name: z.string(),
    type: z.string(),
    size: z.number(),
    url: z.string(),
    width: z.number().nullable(),
    height: z.number().nullable(),
  })
  .meta({ id: 'File' })

const upTo = (bytes: number) =>
  z.object({ file: z.file().describe(`One file of at most ${bytes / megabyte} MB.`) })

export const fileRoutes: RawRoute[] = [
  {
    method: 'POST',
    url: '/files',
    summary: 'Upload a file to attach to a message',
    permission: 'conversations:reply',
    accepts: 'multipart/form-data',
    body: upTo(uploadLimits.staff),
    returns: FileOut,
    status: 201,
    bodyLimit: uploadLimits.staff + megabyte,
    handle: (place, actor, request, reply) =>
      upload(place, actor, request, reply, uploadLimits.staff, '/api/files'),
  },
  {
    method: 'GET',
    url: '/files/:id',
    summary: 'Download a file',
    permission: 'conversations:read',
    params: Id,
    handle: (place, actor, request, reply) => download(place, actor, request, reply, mayRead),
  },
  {
    method: 'POST',
    url: '/widget/files',
    summary: 'Upload a file as a visitor',
    permission: 'visitor',
    limit: { per: 'actor', count: 20, seconds: 60 },
    accepts: 'multipart/form-data',
    body: upTo(uploadLimits.visitor),
    returns: FileOut,
    status: 201,
    bodyLimit: uploadLimits.visitor + megabyte,
    handle: (place, actor, request, reply) =>
      upload(place, actor, request, reply, uploadLimits.visitor, '/api/widget/files'),
  },
  {
    method: 'GET',
    url: '/widget/files/:id',
    summary: 'Download a file of the visitor’s own conversation',
    permission: 'visitor',
    params: Id,
    handle: (place, actor, request, reply) => download(place, actor, request, reply, isOwn),
  },
]

async function upload(
  place: Workplace,
  actor: Actor,
  request: FastifyRequest,
  reply: FastifyReply,
  maxBytes: number,
  folder: string,
) {
  if (!request.isMultipart()) throw invalid('not_multipart', 'Send the file as multipart/form-data.')
  const part = await request.file({ limits: { fileSize: maxBytes, files: 1 } })
  if (!part) throw invalid('file_missing', 'There is no file in this request.')
  await place.disk.assertRoom()
  const received = await receiveFile(place.files, {
    content: part.file,
    name: part.filename ?? '',
    type: part.mimetype,
    maxBytes,
  })
  const { id, name, type, size, width, height } = await transact(place, actor, ctx => addFile(ctx, received))
  return reply
    .code(201)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ id, name, type, size, width, height, url: `${folder}/${id}` }))
}

type MayHave = (ctx: Ctx, file: FileRow) => Promise<boolean>

async function download(
  place: Workplace,
  actor: Actor,
  request: FastifyRequest,
  reply: FastifyReply,
  mayHave: MayHave,
) {
  const ctx = lookingContext(place, actor)
  const file = await getFile(ctx, (request.params as { id: string }).id)
  if (!(await mayHave(ctx, file))) throw notFound('file')
  return reply.headers(contentHeaders(file)).send(await place.files.open(file.sha256))
}

/** Attached: whoever sees the conversation, or one its message was split off into. Not yet attached: whoever uploaded it. */
const mayRead: MayHave = async (ctx, file) => {
  if (!can(ctx.actor, 'conversations:read'))
    throw forbidden('permission_denied', 'This needs the permission conversations:read.')
  if (file.conversationId === null)
    return file.uploadedByKind === ctx.actor.kind && file.uploadedById === ctx.actor.id
  const carries = sql`${messages.attachments} @> ${JSON.stringify([{ fileId: file.id }])}::jsonb`
  await refuseUnseen(ctx, file.conversationId, carries)
  return true
}

const isOwn: MayHave = async (ctx, file) => {
  if (file.uploadedByKind === 'visitor' && file.uploadedById === ctx.actor.id) return true
  const [conversation] = await latestOf(ctx, ctx.actor.bound!.identityId!)
  return conversation !== undefined && file.conversationId === conversation.id
}
