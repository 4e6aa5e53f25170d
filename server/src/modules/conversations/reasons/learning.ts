import { crossValidate, type Example, type ReasonModel, type Tried, train } from './classifier.ts'
import seeded from './examples.json' with { type: 'json' }

/** From so many labels of its own on, a company's accuracy is told from them and no longer from the seeds. */
const enoughOfOwn = 50

/** What Afar learns from before anybody labelled anything: sentences of buyers, and the words of each reason. */
const seeds = Object.entries(seeded).map(([reason, { en, zh, words }]) => ({
  reason,
  sentences: [...en, ...zh],
  words,
}))
const examplesOf = (pick: (seed: (typeof seeds)[number]) => string[]): Example[] =>
  seeds.flatMap(seed => pick(seed).map(text => ({ text, reason: seed.reason })))
export const seedSentences = examplesOf(({ sentences }) => sentences)
export const seedWords = examplesOf(({ words }) => words)

export type Learnt = { model: ReasonModel; examples: number; triedOn: 'own' | 'seeds'; tried: Tried[] }

/** Learns from what the company labelled and from the seeds; tried on the former where there is enough of it. */
export function learn(own: readonly Example[]): Learnt {
  const triedOn = own.length >= enoughOfOwn ? 'own' : 'seeds'
  const { tried, temperature } =
    triedOn === 'own'
      ? crossValidate(own, [...seedSentences, ...seedWords])
      : crossValidate(seedSentences, [...seedWords, ...own])
  const examples = [...seedSentences, ...seedWords, ...own]
  return { model: train(examples, temperature), examples: examples.length, triedOn, tried }
}
