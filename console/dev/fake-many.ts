import { ago, customers, hour, staff, stores } from './fake-people.ts'
import { type Row, rows } from './fake-threads.ts'

const words = [
  'Where is my parcel?',
  '什么时候发货?',
  'Kann ich das noch ändern?',
  '届きましたがサイズが違います',
  '¿Tienen factura?',
  'Merci beaucoup !',
  '请问可以开发票吗',
  'Is this dishwasher safe?',
  'متى يصل الطلب؟',
  'Thanks, that solved it.',
]
const names = [
  'Oliver Brandt',
  '赵敏',
  'Hanna Lindqvist',
  '鈴木 花子',
  'Carlos Medina',
  '周涛',
  'Priya Nair',
  'Lucas Silva',
  'Claire Dubois',
  '孙莉',
  'Tom Fletcher',
  'فاطمة الزهراء',
]
const langs = ['de', 'zh', 'sv', 'ja', 'es', 'zh', 'en', 'pt', 'fr', 'zh', 'en', 'ar']

/** Many rows made when asked for, so that scrolling through 100,000 can be felt. */
export function manyRow(index: number): Row {
  const at = index % names.length
  const when = ago(index * 140 + 3 * hour)
  return {
    ...rows[3]!,
    id: `018f1111-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
    number: 9_000 - index,
    customer: {
      id: customers[index % customers.length]!.id,
      name: names[at]!,
      language: langs[at]!,
      country: null,
      zone: null,
    },
    language: langs[at]!,
    store: { id: stores[index % 2]!.id, name: stores[index % 2]!.name },
    assignee: index % 3 ? { id: staff[index % 5]!.id, name: staff[index % 5]!.name } : null,
    priority: index % 17 === 0 ? 'high' : 'normal',
    status: { category: 'open', label: null, waitingFor: null },
    unread: index % 7 === 0 ? 1 : 0,
    waitingSince: null,
    clock: null,
    preview: { kind: index % 2 ? 'customer' : 'reply', text: words[index % words.length]!, at: when },
    lastActivityAt: when,
  }
}
