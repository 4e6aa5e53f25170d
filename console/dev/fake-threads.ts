import type { components } from '../src/api/schema.d.ts'
import {
  ago,
  counter,
  customers,
  day,
  hour,
  id,
  lin,
  markus,
  sofia,
  stores,
  teamEu,
  teamZh,
} from './fake-people.ts'

type S = components['schemas']
export type Row = S['Conversation']

type Said = [kind: S['Message']['kind'], secondsAgo: number, text: string, over?: Partial<S['Message']>]
export const messages = new Map<string, S['Message'][]>()

export const picture = id()
const photo = {
  id: picture,
  name: 'crack-on-lid.png',
  type: 'image/png',
  size: 84_210,
  url: `/api/files/${picture}`,
  width: 520,
  height: 340,
  isInline: false,
}
const invoice = {
  id: id(),
  name: 'Rechnung-NL-20418.pdf',
  type: 'application/pdf',
  size: 1_284_000,
  url: '/api/files/none',
  width: null,
  height: null,
  isInline: false,
}

function talk(
  who: S['Customer'],
  store: S['Store'],
  by: S['Staff'] | null,
  over: Partial<Row>,
  said: Said[],
  clock?: [kind: string, seconds: number],
): Row {
  const conversationId = id()
  const number = 10_200 + counter
  const thread = said.map(([kind, seconds, text, extra], index): S['Message'] => ({
    id: id(),
    seq: index + 1,
    kind,
    text,
    language: kind === 'customer' ? who.language : null,
    original: null,
    attachments: [],
    mentions: [],
    isWhisper: false,
    clientId: null,
    createdAt: ago(seconds),
    system: null,
    mail: null,
    author:
      kind === 'customer'
        ? { kind: 'customer', id: who.id, name: who.name }
        : kind === 'system'
          ? null
          : { kind: 'staff', id: by?.id ?? lin.id, name: by?.name ?? lin.name },
    delivery: kind === 'reply' ? { id: null, state: 'read', reason: null } : null,
    ...extra,
  }))
  messages.set(conversationId, thread)
  const last = thread.findLast(message => message.kind !== 'system')
  const waiting = last?.kind === 'customer' ? last.createdAt : null
  return {
    id: conversationId,
    number,
    store: { id: store.id, name: store.name },
    channel: { id: 'web', kind: 'web_chat' },
    customer: { id: who.id, name: who.name, language: who.language, country: who.country, zone: who.zone },
    identityId: who.identities[0]?.id ?? who.id,
    customerReadSeq: thread.length,
    previousId: null,
    mergedIntoId: null,
    isSpam: false,
    resolvedAt: null,
    queueId: null,
    snoozedUntil: null,
    status: { category: 'open', label: null, waitingFor: null },
    assignee: by && { id: by.id, name: by.name },
    team: { id: teamEu, name: 'Europe' },
    priority: 'normal',
    subject: null,
    language: who.language,
    reason: null,
    reasonAtOpen: null,
    summary: null,
    customFields: {},
    tags: [],
    lastSeq: thread.length,
    unread: 0,
    preview: last ? { kind: last.kind, text: last.text, at: last.createdAt } : null,
    waitingSince: waiting,
    clock:
      clock && waiting
        ? {
            kind: clock[0],
            startedAt: waiting,
            dueAt: new Date(Date.parse(waiting) + clock[1] * 1000).toISOString(),
            breachedAt: null,
            pauseReason: null,
          }
        : null,
    version: 1,
    openedAt: thread[0]?.createdAt ?? ago(0),
    lastActivityAt: last?.createdAt ?? ago(0),
    ...over,
  }
}

const [krueger, wang, sato, rios, harbi, oconnell, liu, emma] = customers as [
  S['Customer'],
  S['Customer'],
  S['Customer'],
  S['Customer'],
  S['Customer'],
  S['Customer'],
  S['Customer'],
  S['Customer'],
]
const [tea, home] = stores as [S['Store'], S['Store']]
const opened: Said = ['system', 3 * day + 60, '', { system: { event: 'conversation.opened', params: {} } }]
const toLin: Said = [
  'system',
  3 * day + 55,
  '',
  { system: { event: 'conversation.assigned', params: { to: '林静' } } },
]

const long = `Sehr geehrtes Team,

ich wende mich heute an Sie, weil ich mit der Lieferung NL-20418 leider nicht zufrieden bin. Bestellt hatte ich drei Artikel, und zwar die große Teekanne „Fjord“, zwei Becher in Nachtblau und das Leinentuch.

Angekommen sind die Kanne und das Tuch. Die Becher fehlen. Auf dem Lieferschein stehen sie aber.

Außerdem hat der Deckel der Kanne einen feinen Riss, der vom Griff bis an den Rand reicht. Ich habe ihn fotografiert, damit Sie es sich ansehen können. Benutzt habe ich die Kanne noch nicht.

Ich möchte die Kanne grundsätzlich behalten, denn sie gefällt mir sehr. Wäre es möglich, dass Sie mir
 – einen neuen Deckel und
 – die beiden Becher
nachsenden? Am 14. habe ich Gäste, und es wäre sehr schön, wenn bis dahin alles da wäre.

Sollte das nicht gehen, bitte ich Sie um einen Vorschlag.

Mit freundlichen Grüßen
Anneliese Krüger

PS: Die Verpackung war übrigens sehr liebevoll. Danke dafür!`

export const rows: Row[] = [
  talk(
    krueger,
    home,
    lin,
    { unread: 2, priority: 'high', tags: ['damage'] },
    [
      opened,
      toLin,
      ['customer', 3 * day, 'Hallo, wann kommt meine Bestellung NL-20418 ungefähr an?'],
      [
        'reply',
        3 * day - 90,
        'Guten Tag Frau Krüger! Ihr Paket hat heute Leipzig verlassen und ist voraussichtlich am Donnerstag bei Ihnen.\nSie können es hier verfolgen: https://track.example/00340434161094042557',
      ],
      ['customer', 3 * day - 200, 'Wunderbar, vielen Dank für die schnelle Antwort 😊'],
      [
        'note',
        3 * day - 260,
        '@Markus Weber 如果周四没到,请帮忙查件,客户 14 号要请客。',
        { mentions: [markus.id] },
      ],
      [
        'system',
        2 * day,
        '',
        { system: { event: 'conversation.status_changed', params: { to: '等待客户' } } },
      ],
      ['customer', 320, long],
      ['customer', 290, '', { attachments: [photo] }],
      [
        'reply',
        240,
        'Oh nein, das tut mir leid. Vielen Dank für das Foto, ich sehe sofort nach, ob wir den Deckel einzeln haben.',
        { delivery: { id: null, state: 'delivered', reason: null } },
      ],
      [
        'reply',
        235,
        'Die Rechnung habe ich Ihnen schon einmal beigelegt.',
        { attachments: [invoice], delivery: { id: null, state: 'delivered', reason: null } },
      ],
      ['customer', 100, 'Das wäre großartig.'],
      ['customer', 62, 'Noch eine Frage: Soll ich den kaputten Deckel zurückschicken?'],
    ],
    ['next_response', 120],
  ),
  talk(
    wang,
    tea,
    lin,
    { unread: 1, team: { id: teamZh, name: '国内组' } },
    [
      opened,
      ['customer', 400, '你好,我上周买的盖碗,杯口好像有点毛边,会不会割手?'],
      ['reply', 380, '您好,晓雯!方便拍一张杯口的照片发来看看吗?'],
      ['customer', 14, '好的,稍等,我找一下光线好的地方拍'],
    ],
    ['next_response', 60],
  ),
  talk(
    sato,
    tea,
    lin,
    {
      unread: 3,
      priority: 'urgent',
      status: { category: 'new', label: null, waitingFor: null },
      team: { id: teamZh, name: '国内组' },
    },
    [
      opened,
      ['customer', 320, 'お世話になっております。EMSの追跡が「通関手続中」のまま5日間動いていません。'],
      ['customer', 300, '贈り物なので、今週末までに必要です。'],
      ['customer', 290, '状況を教えていただけますでしょうか。'],
    ],
    ['first_response', 30],
  ),
  talk(rios, home, lin, { status: { category: 'waiting_customer', label: null, waitingFor: null } }, [
    opened,
    ['customer', 5 * hour, '¡Hola! ¿Puedo cambiar la talla de mi pedido antes de que salga?'],
    [
      'reply',
      5 * hour - 100,
      'Claro que sí, María. ¿Qué talla necesita?',
      { delivery: { id: null, state: 'sent', reason: null } },
    ],
  ]),
  talk(
    harbi,
    home,
    null,
    { unread: 1, status: { category: 'new', label: null, waitingFor: null } },
    [opened, ['customer', 19, 'السلام عليكم، هل يمكن توصيل الطلب إلى الرياض قبل نهاية الأسبوع؟']],
    ['first_response', 30],
  ),
  talk(oconnell, home, markus, { unread: 0 }, [
    opened,
    ['customer', 2 * hour, 'The lamp flickers when dimmed below 20 %. Is that normal?'],
    ['note', 2 * hour - 30, '批次 L-220 已有三起同样反馈,建议走质检。'],
    [
      'reply',
      2 * hour - 60,
      'It should not. Which dimmer are you using, James?',
      { delivery: { id: null, state: 'refused', reason: '550 mailbox full' } },
    ],
  ]),
  talk(
    liu,
    tea,
    null,
    { unread: 2, status: { category: 'new', label: null, waitingFor: null } },
    [opened, ['customer', 44, '在吗'], ['customer', 40, '想问下这款茶壶能不能直接上火烧']],
    ['first_response', 30],
  ),
  talk(
    emma,
    home,
    sofia,
    {
      status: {
        category: 'waiting_third_party',
        label: { id: 'l1', name: 'With the carrier' },
        waitingFor: null,
      },
      channel: { id: 'api', kind: 'api' },
    },
    [
      opened,
      ['customer', 26 * hour, 'My parcel says delivered but there is nothing here.'],
      [
        'reply',
        26 * hour - 200,
        'I have asked the carrier for the proof of delivery and will write tomorrow.',
      ],
    ],
  ),
]

export const statusLabels: S['StatusLabel'][] = [
  { id: 'l1', category: 'waiting_third_party', name: 'With the carrier', position: 0 },
  { id: 'l2', category: 'waiting_third_party', name: '等待工厂', position: 1 },
  { id: 'l3', category: 'resolved', name: 'Spam', position: 0 },
]
