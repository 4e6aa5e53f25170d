import { z } from 'zod'
import { Id, route } from '../../../platform/route.ts'
import { Conversation } from '../schemas.ts'
import { getConversationView } from '../views.ts'
import { changeOwnField, createOwnField, listOwnFields, setOwnFields } from './own-fields.ts'
import { ConversationField, ConversationFieldChange, FieldValues, NewConversationField } from './schemas.ts'

const manage = 'conversations:manage'

export const ownFieldRoutes = [
  route({
    method: 'GET',
    url: '/conversation-fields',
    summary: 'List the fields a company keeps of its conversations, also those not in use',
    permission: 'conversations:read',
    returns: z.object({ items: z.array(ConversationField) }),
    run: ctx => listOwnFields(ctx),
  }),
  route({
    method: 'POST',
    url: '/conversation-fields',
    summary: 'Create a field of conversations',
    permission: manage,
    body: NewConversationField,
    returns: ConversationField,
    status: 201,
    run: (ctx, { body }) => createOwnField(ctx, body),
  }),
  route({
    method: 'PATCH',
    url: '/conversation-fields/:id',
    summary: 'Rename, move or deactivate a field of conversations, or say where it is shown and required',
    permission: manage,
    params: Id,
    body: ConversationFieldChange,
    returns: ConversationField,
    run: (ctx, { params, body }) => changeOwnField(ctx, params.id, body),
  }),
  route({
    method: 'PUT',
    url: '/conversations/:id/fields',
    summary: 'Fill in fields of a conversation',
    permission: 'conversations:reply',
    params: Id,
    body: FieldValues,
    returns: Conversation,
    run: async (ctx, { params, body }) => {
      await setOwnFields(ctx, params.id, body)
      return getConversationView(ctx, params.id)
    },
  }),
]
