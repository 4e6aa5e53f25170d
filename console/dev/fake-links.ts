import type { components } from '../src/api/schema.d.ts'
import { find } from './fake-inbox.ts'
import { me } from './fake-people.ts'
import { type FakeRoute, refuse, tell } from './fake-wire.ts'

type S = components['schemas']
type Kept = { id: string; at: string; fromId: string; toId: string; kind: S['ConversationLink']['kind'] }

const kept: Kept[] = []
const opposite = { follows: 'followed_by', followed_by: 'follows' } as const

const isOf = (id: string) => (link: Kept) => link.fromId === id || link.toId === id

function seenFrom(id: string, link: Kept): S['ConversationLink'] {
  const isTurned = link.fromId !== id
  const { number, subject, customer, store, channel, status, lastActivityAt, ...other } = find(
    isTurned ? link.fromId : link.toId,
  )
  return {
    ...{ id: link.id, at: link.at, by: { id: me.id, name: me.name } },
    kind: isTurned && link.kind in opposite ? opposite[link.kind as 'follows'] : link.kind,
    other: {
      ...{ id: other.id, number, subject, customer, store, lastActivityAt },
      ...{ channelKind: channel.kind, category: status.category },
    },
  }
}

/** Links as long as the fake runs. Nothing is split here: that needs a server that numbers conversations. */
export const linkRoutes: FakeRoute[] = [
  [
    'GET',
    /^\/conversations\/([^/]+)\/links$/,
    ({ params: [id] }) => ({ items: kept.filter(isOf(id!)).map(link => seenFrom(id!, link)) }),
  ],
  [
    'POST',
    /^\/conversations\/([^/]+)\/links$/,
    ({ params: [id], body: { otherId, kind } }) => {
      const isThere = kept.some(link => isOf(id!)(link) && isOf(otherId)(link) && link.kind === kind)
      if (isThere) refuse(409, 'already_linked')
      const link = { id: crypto.randomUUID(), at: new Date().toISOString(), fromId: id!, toId: otherId, kind }
      kept.push(link)
      for (const one of [id!, otherId]) tell('conversation.linked', one)
      return seenFrom(id!, link)
    },
  ],
  [
    'DELETE',
    /^\/conversations\/[^/]+\/links\/([^/]+)$/,
    ({ params: [linkId] }) => {
      const [gone] = kept.splice(
        kept.findIndex(({ id }) => id === linkId),
        1,
      )
      for (const one of [gone!.fromId, gone!.toId]) tell('conversation.linked', one)
    },
  ],
  ['GET', /^\/conversations\/[^/]+\/split-messages$/, () => ({ items: [] })],
]
