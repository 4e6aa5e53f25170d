import { isDenseText, searchWords } from '../../../platform/search-text.ts'

export type Example = { text: string; reason: string }

/**
 * What was counted, not what follows from it: in how many examples a word stood, in all and for each reason.
 * `words` gives pairs of reason and count, one after the other, by the reason's place in `reasons`.
 */
export type ReasonModel = {
  reasons: string[]
  examples: number
  words: Record<string, number[]>
  temperature: number
}

/** `words`: those of the text that spoke for it, the loudest first. */
export type Guess = { reason: string; probability: number; words: string[] }

/**
 * Naive Bayes that asks of each word both how usual it is for a reason and how unusual for all others (Rennie et al.,
 * Tackling the Poor Assumptions of Naive Bayes, 2003): with few examples of many reasons this beat the multinomial
 * one and logistic regression on the seeded examples. The same examples give the same model.
 */
export function train(examples: readonly Example[], temperature = 1): ReasonModel {
  return count(examples.map(read), temperature)
}

function count(examples: readonly Read[], temperature = 1): ReasonModel {
  const reasons = [...new Set(examples.map(({ reason }) => reason))].sort()
  const placeOf = new Map(reasons.map((reason, place) => [reason, place]))
  const counts = new Map<string, Map<number, number>>()
  for (const { words, reason } of examples) {
    const place = placeOf.get(reason)!
    for (const feature of new Set(words.flatMap(featuresOf))) {
      const byReason = counts.get(feature) ?? new Map<number, number>()
      byReason.set(place, (byReason.get(place) ?? 0) + 1)
      counts.set(feature, byReason)
    }
  }
  const words = [...counts].map(([word, byReason]) => [word, [...byReason].flat()] as const)
  return { reasons, examples: examples.length, words: Object.fromEntries(fewer(words)), temperature }
}

/** The reasons a text may have, the likeliest first; none where it holds no word that was ever seen. */
export function predict(model: ReasonModel, text: string): Guess[] {
  return predictor(model)(text)
}

/** The same for many texts: what does not depend on the text is worked out once. */
export function predictor(model: ReasonModel): (text: string) => Guess[] {
  const weigh = weigher(model)
  return text => {
    const words = wordsOf(text)
    const spoke = wordWeights(words, weigh)
    if (spoke.length === 0) return []
    const chances = softmax(scoresOf(model, words, spoke), model.temperature)
    return model.reasons
      .map((reason, place) => ({ reason, probability: chances[place]!, words: loudest(spoke, place) }))
      .sort((a, b) => b.probability - a.probability || (a.reason < b.reason ? -1 : 1))
  }
}

export type Tried = { actual: string; predicted: string | null }

/**
 * Each example foretold by a model that has not seen it, in five rounds; `known` is learnt from in all of them. The
 * temperature is the one at which those foretold probabilities were most honest (least log loss).
 */
export function crossValidate(tested: readonly Example[], known: readonly Example[] = []) {
  const examples = tested.map(read)
  const always = known.map(read)
  const foldOf = folds(examples)
  const tried: Tried[] = []
  const foretold: { scores: Float64Array; place: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const model = count([...always, ...examples.filter((_, n) => foldOf[n] !== round)])
    const weigh = weigher(model)
    for (const { words, reason } of examples.filter((_, n) => foldOf[n] === round)) {
      const spoke = wordWeights(words, weigh)
      const scores = scoresOf(model, words, spoke)
      const best = scores.indexOf(Math.max(...scores))
      tried.push({ actual: reason, predicted: spoke.length > 0 ? model.reasons[best]! : null })
      const place = model.reasons.indexOf(reason)
      if (spoke.length > 0 && place >= 0) foretold.push({ scores, place })
    }
  }
  return { tried, temperature: mostHonest(foretold) }
}

type Weigh = (feature: string) => Float64Array | undefined
type Spoken = { word: string; weights: Float64Array }

type Read = { words: string[]; reason: string }
const read = ({ text, reason }: Example): Read => ({ words: wordsOf(text), reason })

const rounds = 5
const mostForHonesty = 500
const longestText = 4_000
const mostWords = 40_000
const smoothing = 1
const ownShare = 0.5

function weigher({ reasons, examples, words }: ReasonModel): Weigh {
  const rarityOf = (documents: number) => Math.log((examples + 1) / (documents + 1))
  const totals = new Float64Array(reasons.length)
  let everything = 0
  for (const pairs of Object.values(words)) {
    const rarity = rarityOf(documentsOf(pairs))
    for (let n = 0; n < pairs.length; n += 2) totals[pairs[n]!]! += rarity * pairs[n + 1]!
    everything += rarity * documentsOf(pairs)
  }
  const room = smoothing * Object.keys(words).length
  const known = new Map<string, Float64Array>()

  return feature => {
    if (!Object.hasOwn(words, feature)) return undefined
    const before = known.get(feature)
    if (before) return before
    const pairs = words[feature]!
    const rarity = rarityOf(documentsOf(pairs))
    const own = new Float64Array(reasons.length)
    for (let n = 0; n < pairs.length; n += 2) own[pairs[n]!] = rarity * pairs[n + 1]!
    const all = rarity * documentsOf(pairs)
    const weights = own.map((mine, place) => {
      const total = totals[place]!
      const elsewhere = Math.log((all - mine + smoothing) / (everything - total + room))
      const here = Math.log((mine + smoothing) / (total + room))
      return rarity * (ownShare * here - elsewhere)
    })
    known.set(feature, weights)
    return weights
  }
}

const documentsOf = (pairs: readonly number[]) => pairs.reduce((sum, n, at) => (at % 2 ? sum + n : sum), 0)

function wordWeights(words: readonly string[], weigh: Weigh): Spoken[] {
  const counted = new Set<string>()
  return words.flatMap(word => {
    const features = featuresOf(word).filter(feature => !counted.has(feature))
    const [first, second] = features.flatMap(feature => {
      counted.add(feature)
      return weigh(feature) ?? []
    })
    if (!first) return []
    return [{ word, weights: second ? first.map((weight, place) => weight + second[place]!) : first }]
  })
}

/** By the root of all words, also those never seen: a text of which little is understood is no sure sign. */
function scoresOf({ reasons }: ReasonModel, words: readonly string[], spoke: readonly Spoken[]) {
  const scores = new Float64Array(reasons.length)
  for (const { weights } of spoke)
    for (let place = 0; place < scores.length; place++) scores[place]! += weights[place]!
  return scores.map(score => score / Math.sqrt(words.length || 1))
}

function softmax(scores: Float64Array, temperature: number) {
  const highest = Math.max(...scores)
  const raised = scores.map(score => Math.exp((score - highest) / temperature))
  const sum = raised.reduce((all, one) => all + one, 0)
  return raised.map(one => one / sum)
}

function loudest(spoke: readonly Spoken[], place: number) {
  return spoke
    .map(({ word, weights }) => ({
      word,
      lift: weights[place]! - weights.reduce((sum, weight) => sum + weight, 0) / weights.length,
    }))
    .filter(({ word, lift }) => lift > 0 && !(isDenseText(word) && [...word].length === 1))
    .sort((a, b) => b.lift - a.lift || (a.word < b.word ? -1 : 1))
    .slice(0, 4)
    .map(({ word }) => word)
}

function mostHonest(all: readonly { scores: Float64Array; place: number }[]) {
  if (all.length === 0) return 1
  const step = Math.ceil(all.length / mostForHonesty)
  const foretold = all.filter((_, n) => n % step === 0)
  const lossAt = (temperature: number) =>
    foretold.reduce(
      (sum, { scores, place }) => sum - Math.log(softmax(scores, temperature)[place]! + 1e-12),
      0,
    )
  const tries = Array.from({ length: 36 }, (_, n) => 0.05 * 1.15 ** n)
  const losses = tries.map(lossAt)
  return tries[losses.indexOf(Math.min(...losses))]!
}

/** Each reason's examples are dealt out to the rounds in turn. */
function folds(examples: readonly Read[]) {
  const dealt = new Map<string, number>()
  return examples.map(({ reason }) => {
    const n = dealt.get(reason) ?? 0
    dealt.set(reason, n + 1)
    return n % rounds
  })
}

const wordsOf = (text: string) => searchWords(text.slice(0, longestText)).filter(word => !idle.has(word))

/** A long word also counts by its beginning, so that a typo at its end or another ending says the same. */
const featuresOf = (word: string) =>
  word.length >= 5 && !isDenseText(word) ? [word, `${word.slice(0, 4)}~`] : [word]

/** Words of courtesy and grammar: with few examples they would speak for whatever they happened to stand in. */
const idle = new Set(
  (
    'a an the and or but so if of to in on at by for from with as is are was were be been am it its this that these ' +
    'those there here i me my we us our you your he she they them his her their do does did have has had will would ' +
    'can could should may might please hi hello hey dear thanks just also very really too any some one get got ' +
    'about into what which who good morning im ive dont today yesterday friday week weeks day days ' +
    '你好 您好 请问 麻烦 谢谢 现在 一下 可以 我们 你们 这个 那个 好 您 你 我 的 了 吗 呢 吧 呀 啊 是 在 有 就 也 都 和 ' +
    '还 要 这 那 请 问 想问 大概 怎么 什么 我的 为什'
  ).split(' '),
)

function fewer(words: readonly (readonly [string, number[]])[]) {
  if (words.length <= mostWords) return words
  return words.toSorted(([, a], [, b]) => documentsOf(b) - documentsOf(a)).slice(0, mostWords)
}
