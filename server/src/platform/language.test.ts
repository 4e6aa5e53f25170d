import { describe, expect, test } from 'vitest'
import { languageOf } from './language.ts'

const said: Record<string, readonly string[]> = {
  en: [
    'Where is my order? It was sent two weeks ago.',
    'Please tell me how I can return this jacket',
    'I have paid twice and would like my money back.',
  ],
  de: [
    'Wo ist meine Bestellung? Sie wurde vor zwei Wochen verschickt.',
    'Ich habe zweimal bezahlt und hätte gern mein Geld zurück.',
  ],
  fr: [
    'Où est ma commande ? Elle a été envoyée il y a deux semaines.',
    'J’ai payé deux fois et je voudrais être remboursé.',
  ],
  es: [
    '¿Dónde está mi pedido? Lo enviaron hace dos semanas y todavía no ha llegado.',
    'He pagado dos veces y quiero que me devuelvan el dinero.',
  ],
  pt: [
    'Onde está a minha encomenda? Foi enviada há duas semanas e ainda não chegou.',
    'Paguei duas vezes e gostaria de receber o meu dinheiro de volta.',
  ],
  it: [
    'Dov’è il mio ordine? È stato spedito due settimane fa e non è ancora arrivato.',
    'Ho pagato due volte e vorrei essere rimborsato.',
  ],
  nl: [
    'Waar is mijn bestelling? Hij is twee weken geleden verstuurd en nog niet aangekomen.',
    'Ik heb twee keer betaald en wil graag mijn geld terug.',
  ],
  vi: ['Đơn hàng của tôi đâu? Nó đã được gửi cách đây hai tuần.'],
  zh: ['我的订单在哪里？两周前就发货了。'],
  ja: ['注文した商品はどこですか。'],
  ko: ['제 주문은 어디에 있나요?'],
  ru: ['Где мой заказ? Он отправлен две недели назад.'],
  ar: ['أين طلبي؟ تم إرساله قبل أسبوعين.'],
  th: ['คำสั่งซื้อของฉันอยู่ที่ไหน'],
}

describe('the language of a text', () => {
  test.each(Object.entries(said))('is %s', async (language, texts) => {
    for (const text of texts) expect([text, await languageOf(text)]).toEqual([text, language])
  })

  test('is that of the mail and not of a word or two of another', async () => {
    expect(
      await languageOf('Hello the team, ich warte noch immer auf mein Paket, bitte helfen Sie mir'),
    ).toBe('de')
  })

  test('is not told of what is too short, or only a link', async () => {
    expect(await languageOf('ok thanks')).toBeNull()
    expect(await languageOf('https://shop.example/orders/the-and-you')).toBeNull()
  })
})
