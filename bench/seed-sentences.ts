import { vectorOf } from '../server/src/modules/search/words.ts'
import { syllables } from './seed-names.ts'
import { dice } from './statistics.ts'

export type Sentence = { text: string; words: string }

const split = (text: string) => text.trim().split(/\s+/)

const english =
  split(`the my is it not and to a of you was have this for in that but on with are be been order parcel
  please when where refund size colour wrong broken return shipping address tracking says delivered nothing arrived late
  again money back card charged twice invoice discount code voucher cancel change exchange warranty battery charger cable
  jacket shoes dress customs duty Monday week days still waiting photo box damaged missing item two second answer thanks`)
const german =
  split(`die ist nicht meine und das ich habe wo bleibt Bestellung Paket Lieferung Größe Rücksendung Geld zurück
  falsch kaputt Rechnung bitte wann Adresse Gutschein Umtausch Farbe Zoll Sendung fehlt warte seit Tagen danke`)
const russian = split(`где мой заказ посылка не пришла возврат деньги размер цвет сломан когда доставка адрес
  пожалуйста номер отслеживания жду уже неделю спасибо обмен скидка`)
const chinese =
  split(`我的 包裹 什么时候 到了 退款 退货 尺码 不对 颜色 错了 物流 没有 更新 请问 订单 地址 修改 发票 优惠券 换货
  质量 问题 收到 破损 少了 一件 清关 关税 还没 发货 急用 谢谢 客服 回复 一下 已经 两周 电池 充电器 保修 快递 签收 显示 未收到`)
const japanese =
  split(`注文 した 荷物 が 届き ません 返品 したい です 返金 サイズ が 違い ます いつ 届きますか 住所 変更
  配送 状況 ありがとう 交換 領収書 不良品 でした 至急 お願いします`)

/**
 * Sentences as buyers write them, in five languages, their words as frequent and as rare as words are (Zipf), each
 * with the vector that the house itself makes of it. Two of them are a message.
 */
export function makeSentences(many: number): Sentence[] {
  const random = dice(11)
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!
  // A long tail of names of goods: the hundredth is used a hundred times as seldom as the first.
  const goods = Array.from({ length: 4_000 }, (_, n) => {
    const of = (step: number) => syllables[(n * step + n) % syllables.length]!
    return `${of(7)}${of(31)}${of(67)}${n % 97}`
  })
  const seldom = () => goods[Math.min(goods.length - 1, Math.floor(goods.length ** random()) - 1)]!
  const often = (words: readonly string[]) => words[Math.floor(words.length ** random()) - 1]!
  const spoken = (words: readonly string[], space: string) =>
    Array.from({ length: 5 + Math.floor(random() * 6) }, () =>
      random() < 0.12 ? seldom() : often(words),
    ).join(space)
  return Array.from({ length: many }, () => {
    const kind = random()
    const text =
      kind < 0.6
        ? spoken(english, ' ')
        : kind < 0.7
          ? spoken(german, ' ')
          : kind < 0.75
            ? spoken(russian, ' ')
            : kind < 0.95
              ? Array.from({ length: 4 + Math.floor(random() * 6) }, () => pick(chinese)).join('')
              : Array.from({ length: 4 + Math.floor(random() * 5) }, () => pick(japanese)).join('')
    return { text, words: vectorOf([text], []) }
  })
}
