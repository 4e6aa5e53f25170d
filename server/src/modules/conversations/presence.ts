import { z } from 'zod'
import { type SocketDoor, signal, storeRooms } from '../../platform/realtime.ts'
import { lookingContext } from '../../platform/work.ts'
import { visitorEnded } from '../channels/events.ts'
import { visitorActor } from '../channels/visitors.ts'
import { getConversation } from './conversations.ts'
import { visitorRoom } from './events.ts'
import { latestOf } from './incoming.ts'

/** The visitors' door: a token, one room, and of each event its name and number. */
export const widgetDoor: SocketDoor = {
  namespace: '/widget',
  async admit(place, { auth }) {
    const actor = await visitorActor(place, typeof auth.token === 'string' ? auth.token : undefined)
    return (
      actor && {
        actor,
        rooms: [visitorRoom(actor.bound!.identityId!), visitorIdRoom(actor.bound!.visitorId!)],
      }
    )
  },
  shutsOut: ({ name, payload }) =>
    name === visitorEnded.name ? visitorIdRoom((payload as { visitorId: string }).visitorId) : null,
  tells: ({ name, payload }) => ({ name, seq: (payload as { seq?: number }).seq ?? null }),
}

const visitorIdRoom = (visitorId: string) => `visitor-session:${visitorId}`

const OnConversation = z.object({ conversationId: z.uuid(), on: z.boolean() })

/** What is true for a moment: who types, who looks, who has begun to write. It is passed on and forgotten. */
export const presenceSignals = [
  signal({
    namespace: '/staff',
    name: 'typing',
    body: OnConversation.extend({ note: z.boolean().default(false) }),
    async run(place, { actor, whisper }, { conversationId, on, note }) {
      const { storeId, identityId } = await getConversation(lookingContext(place, actor), conversationId)
      whisper('/staff', storeRooms(storeId), 'presence', {
        conversationId,
        staffId: actor.id,
        name: actor.name,
        typing: on,
        viewing: true,
      })
      if (!note) whisper('/widget', visitorRoom(identityId), 'typing', { on, name: actor.name })
    },
  }),
  signal({
    namespace: '/staff',
    name: 'viewing',
    body: OnConversation,
    async run(place, { actor, whisper }, { conversationId, on }) {
      const { storeId } = await getConversation(lookingContext(place, actor), conversationId)
      whisper('/staff', storeRooms(storeId), 'presence', {
        conversationId,
        staffId: actor.id,
        name: actor.name,
        typing: false,
        viewing: on,
      })
    },
  }),
  signal({
    namespace: '/staff',
    name: 'draft',
    body: OnConversation,
    async run(place, { actor, whisper }, { conversationId, on }) {
      const { storeId } = await getConversation(lookingContext(place, actor), conversationId)
      const sign = { conversationId, staffId: actor.id, name: actor.name, on }
      whisper('/staff', storeRooms(storeId), 'draft', sign)
    },
  }),
  signal({
    namespace: '/widget',
    name: 'typing',
    body: z.object({ on: z.boolean() }),
    async run(place, { actor, whisper }, { on }) {
      const [conversation] = await latestOf(lookingContext(place, actor), actor.bound!.identityId!)
      if (conversation)
        whisper('/staff', storeRooms(conversation.storeId), 'presence', {
          conversationId: conversation.id,
          staffId: 'customer',
          name: null,
          typing: on,
          viewing: true,
        })
    },
  }),
]
