import type { Availability } from '../modules/staff/tables.ts'
import type { Colleague, CustomerKey } from './people.ts'

type Line = { minutesAgo: number; says: string; by?: Colleague; note?: true; mentions?: Colleague }

export type Story = {
  /** Where it came in; by the store's chat unless told otherwise. */
  channel?: 'amazon'
  store: 'zhuli' | 'bambu'
  customer: CustomerKey
  lines: readonly Line[]
  assignee?: Colleague
  ends?: 'resolved' | 'waiting_customer' | 'waiting_third_party'
  waitingFor?: 'carrier'
  promise?: { by: Colleague; minutesAgo: number; says: string; dueInMinutes: number }
  priority?: 'high' | 'urgent'
  /** A contact reason’s code; without one there is a suggestion to look at. */
  reason?: string
  tags?: readonly string[]
}

const lin = 'lin@yuanxing.example'
const weber = 'weber@yuanxing.example'
const sato = 'sato@yuanxing.example'
const chen = 'chen@yuanxing.example'
const wang = 'wang@yuanxing.example'

type Turn = { by: Colleague; minutesAgo: number; state: Availability; reason?: string }

/** Who was at work when: yesterday's shift and today's, in the order of time. In the end nobody is, so chats wait. */
export const turns: readonly Turn[] = [
  { by: weber, minutesAgo: 1_800, state: 'online' },
  { by: sato, minutesAgo: 1_740, state: 'online' },
  { by: weber, minutesAgo: 1_560, state: 'away', reason: 'meal' },
  { by: weber, minutesAgo: 1_515, state: 'online' },
  { by: sato, minutesAgo: 1_420, state: 'offline' },
  { by: weber, minutesAgo: 1_330, state: 'offline' },
  { by: lin, minutesAgo: 510, state: 'online' },
  { by: weber, minutesAgo: 480, state: 'online' },
  { by: wang, minutesAgo: 350, state: 'online' },
  { by: lin, minutesAgo: 240, state: 'away', reason: 'meal' },
  { by: lin, minutesAgo: 205, state: 'online' },
  { by: wang, minutesAgo: 150, state: 'busy' },
  { by: sato, minutesAgo: 120, state: 'online' },
  { by: wang, minutesAgo: 60, state: 'away', reason: 'meeting' },
  { by: weber, minutesAgo: 25, state: 'away', reason: 'break' },
  { by: sato, minutesAgo: 9, state: 'offline' },
  { by: lin, minutesAgo: 8, state: 'away', reason: 'break' },
]

/** What has happened before the newcomer opens the inbox: each state and several languages, and one who waits. */
export const stories: readonly Story[] = [
  {
    store: 'zhuli',
    customer: 'lei',
    assignee: lin,
    ends: 'resolved',
    reason: 'invoice.vat',
    tags: ['发票'],
    lines: [
      { minutesAgo: 3_120, says: '你好，请问可以开电子发票吗？订单号 Z-10442' },
      { minutesAgo: 3_119.7, by: lin, says: '您好！可以的，请把抬头和税号发给我，我马上为您登记。' },
      { minutesAgo: 3_110, says: '抬头：个人。谢谢！' },
      { minutesAgo: 3_108, by: lin, says: '已经为您开好，稍后会发到您的邮箱。祝您生活愉快！' },
    ],
  },
  {
    store: 'bambu',
    customer: 'yumi',
    assignee: sato,
    ends: 'resolved',
    reason: 'tech.usage',
    tags: ['usage'],
    lines: [
      {
        minutesAgo: 1_500,
        says: '茶盤を受け取りました。とても素敵です。お手入れの方法を教えていただけますか？',
      },
      {
        minutesAgo: 1_498,
        by: sato,
        says: '田中様、ありがとうございます。使用後は乾いた布で水気を拭き取り、月に一度ほど椿油を薄く塗ってください。',
      },
      { minutesAgo: 1_490, says: 'わかりました。ご丁寧にありがとうございます！' },
    ],
  },
  {
    store: 'bambu',
    customer: 'camille',
    assignee: weber,
    ends: 'waiting_customer',
    reason: 'refund.status',
    tags: ['refund'],
    lines: [
      {
        minutesAgo: 420,
        says: 'Bonjour, j’ai renvoyé les deux couvertures il y a dix jours et je n’ai toujours pas reçu mon remboursement.',
      },
      {
        minutesAgo: 418,
        by: weber,
        says: 'Bonjour Madame Laurent, je suis désolé pour l’attente. Pourriez-vous m’envoyer le numéro de suivi du retour ?',
      },
      {
        minutesAgo: 417,
        by: weber,
        note: true,
        says: 'Warehouse has not scanned the return yet. If tracking shows it delivered, refund at once.',
      },
    ],
  },
  {
    store: 'bambu',
    customer: 'lucia',
    assignee: wang,
    promise: {
      by: wang,
      minutesAgo: 58,
      says: '今天 18 点前给客户加急补发的单号 · Express tracking number by tonight',
      dueInMinutes: 95,
    },
    priority: 'high',
    reason: 'quality.damaged',
    tags: ['damaged', 'photo'],
    lines: [
      {
        minutesAgo: 190,
        says: 'Hola, el juego de tablas llegó con una tabla partida. Es un regalo y la fiesta es el sábado.',
      },
      {
        minutesAgo: 188,
        by: wang,
        says: 'Hola Lucía, lo siento muchísimo. ¿Puede enviarnos una foto? Le mandamos una tabla nueva hoy mismo por urgente.',
      },
      {
        minutesAgo: 187,
        by: wang,
        note: true,
        mentions: chen,
        says: '@陈志远 客户周六要用，想走加急补发，运费 18 欧，可以吗？',
      },
      { minutesAgo: 60, says: 'Muchas gracias. Le envío la foto en un momento. ¿Llegará antes del sábado?' },
    ],
  },
  {
    store: 'bambu',
    customer: 'joao',
    assignee: lin,
    ends: 'waiting_third_party',
    waitingFor: 'carrier',
    reason: 'customs.duty_tax',
    tags: ['customs'],
    lines: [
      { minutesAgo: 2_000, says: 'Olá, meu pedido está parado na alfândega há uma semana. O que eu faço?' },
      {
        minutesAgo: 1_996,
        by: lin,
        says: 'Olá João! Já abrimos uma consulta com a transportadora e respondo assim que tivermos notícia, até amanhã às 15h.',
      },
      { minutesAgo: 1_995, by: lin, note: true, says: '已向承运商查件(CN-88213)，等回复。' },
    ],
  },
  {
    store: 'bambu',
    customer: 'anna',
    assignee: weber,
    tags: ['where-is-my-order'],
    lines: [
      {
        minutesAgo: 32,
        says: 'Guten Tag, meine Tasche steht seit fünf Tagen auf „Zoll Leipzig“. Können Sie bitte nachsehen?',
      },
      {
        minutesAgo: 31,
        by: weber,
        says: 'Guten Tag Frau Schneider, ich sehe gerade nach. Einen Moment bitte.',
      },
      {
        minutesAgo: 28,
        by: weber,
        says: 'Das Paket wurde heute Morgen freigegeben und sollte am Donnerstag bei Ihnen sein.',
      },
      { minutesAgo: 6, says: 'Super, vielen Dank! Kann ich es auch an eine Packstation umleiten?' },
    ],
  },
  {
    store: 'bambu',
    channel: 'amazon',
    customer: 'oliver',
    lines: [
      {
        minutesAgo: 800,
        says: 'Hello, the tea tray in order 114-8820413 arrived without its lid. How do I get one?',
      },
      { minutesAgo: 766, says: 'By the way, the tray itself is lovely.' },
    ],
  },
  {
    store: 'bambu',
    customer: 'noura',
    lines: [
      {
        minutesAgo: 3,
        says: 'السلام عليكم، هل يمكن تغيير موعد التوصيل إلى المساء؟ لن أكون في المنزل قبل الخامسة.',
      },
    ],
  },
  {
    store: 'zhuli',
    customer: 'meimei',
    lines: [{ minutesAgo: 1, says: '您好，茶盘套装什么时候发货呀？想赶在周末送人。' }],
  },
  {
    store: 'bambu',
    customer: 'emily',
    lines: [
      {
        minutesAgo: 0.2,
        says: 'Hi! I ordered the canvas weekender this morning but typed the wrong apartment number. Can you still change the address?',
      },
    ],
  },
]

export const quickReplies = [
  {
    shortcut: 'hello',
    category: 'Greeting',
    title: 'Greeting',
    language: 'en',
    text: 'Hello {{customer.first_name|and welcome}}, thank you for writing to {{store.brand}}. How may I help you today?',
    translations: [
      {
        language: 'de',
        title: 'Begrüßung',
        text: 'Guten Tag und vielen Dank für Ihre Nachricht an {{store.brand}}. Wie kann ich Ihnen helfen?',
      },
      {
        language: 'zh',
        title: '问候',
        text: '您好，这里是{{store.brand}}，很高兴为您服务，请问有什么可以帮您？',
      },
    ],
  },
  {
    shortcut: 'track',
    category: 'Delivery',
    title: 'Looking up the parcel',
    language: 'en',
    text: 'Let me look up your parcel. This takes about a minute, please stay with me.',
    translations: [
      { language: 'zh', title: '查询物流', text: '我马上为您查询物流，大约需要一分钟，请稍等。' },
    ],
  },
  {
    shortcut: 'carrier',
    category: 'Delivery',
    title: 'Asking the carrier',
    language: 'en',
    text: 'We have asked the carrier where your parcel is, and expect to know more by {{date.in_3_days}}.',
    translations: [
      {
        language: 'zh',
        title: '已联系承运商',
        text: '我们已联系承运商查询您的包裹，预计 {{date.in_3_days}} 前答复您。',
      },
    ],
    steps: [
      { code: 'set_status', params: { category: 'waiting_third_party', waitingFor: 'carrier' } },
      { code: 'add_tags', params: { tags: ['tracing'] } },
      { code: 'add_note', params: { text: 'Carrier asked on {{date.today}}.' } },
    ],
  },
  {
    shortcut: 'photo',
    category: 'Quality',
    title: 'Ask for a photo',
    language: 'en',
    text: 'I am sorry to hear that. Could you send us a photo, so that we can put it right at once?',
    translations: [
      {
        language: 'zh',
        title: '请发照片',
        text: '非常抱歉给您带来不便，麻烦您拍张照片发给我，我马上为您处理。',
      },
    ],
    steps: [{ code: 'set_status', params: { category: 'waiting_customer' } }],
  },
]
