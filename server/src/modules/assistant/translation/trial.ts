import type { Actor } from '../../../platform/context.ts'
import { lookingContext, transact, type Workplace } from '../../../platform/work.ts'
import { assertSeesStores } from '../../staff/roles.ts'
import { priceOf, readProvider } from './providers.ts'
import { ask } from './translating.ts'

const sentences = {
  en: '您的订单 #1042-88 今天已经发货，查询请看 https://shop.example/track。',
  other: 'Your order #1042-88 was sent today; you can follow it at https://shop.example/track.',
}

/** Asks one service for one sentence with things in it that must stay, as messages are asked for. It costs that. */
export async function tryProvider(place: Workplace, actor: Actor, id: string, to: string) {
  const { provider, price } = await transact(place, actor, async ctx => {
    const provider = await readProvider(ctx, id)
    assertSeesStores(ctx.actor, null)
    return { provider, price: await priceOf(ctx, id) }
  })
  const source = to === 'en' ? sentences.en : sentences.other
  const started = performance.now()
  const asked = await ask(place, {
    // A pause is not for who wants to see whether it works again.
    provider: { ...provider, pausedUntil: null },
    price,
    texts: [source],
    from: to === 'en' ? 'zh' : 'en',
    to,
    terms: [],
    context: '',
    purpose: 'trial',
    timeoutMs: 15_000,
  })
  const milliseconds = Math.round(performance.now() - started)
  if (typeof asked !== 'string') {
    const text = asked.texts[0] ?? null
    const reason = text === null ? 'unsafe_answer' : null
    return { ok: text !== null, source, text, reason, milliseconds, micros: asked.micros }
  }
  const { failure } = await readProvider(lookingContext(place, actor), id)
  const reason = asked === 'failed' ? (failure ?? asked) : asked
  return { ok: false, source, text: null, reason, milliseconds, micros: 0 }
}
