/** One measured figure. `ratio` is to what it is compared with; `met` is null where nothing was demanded. */
export type Figure = {
  name: string
  value: number
  unit: string
  comparedWith: string | null
  ratio: number | null
  mark: string | null
  met: boolean | null
}

type Demand = { atMost: number } | { atLeast: number }

/** A figure held against an absolute mark in its own unit. */
export function absolute(name: string, value: number, unit: string, demand: Demand | null): Figure {
  const judged = judge(value, unit, demand)
  return { name, value: round(value), unit, comparedWith: null, ratio: null, ...judged }
}

/** A figure held against the same work done barely in the same run; the mark is on the ratio. */
export function relative(
  name: string,
  value: number,
  unit: string,
  { to, ratio }: { to: string; ratio: number },
  demand: Demand | null,
): Figure {
  const judged = judge(ratio, 'of it', demand)
  return { name, value: round(value), unit, comparedWith: to, ratio: round(ratio), ...judged }
}

export function line({ name, value, unit, comparedWith, ratio, mark, met }: Figure): string {
  const verdict = met === null ? '' : met ? 'met' : 'NOT MET'
  const compared = comparedWith ? `${ratio} × ${comparedWith}` : ''
  return [
    name.padEnd(48),
    `${value} ${unit}`.padEnd(18),
    compared.padEnd(52),
    (mark ?? '').padEnd(20),
    verdict,
  ]
    .join(' ')
    .trimEnd()
}

function judge(value: number, unit: string, demand: Demand | null) {
  if (!demand) return { mark: null, met: null }
  if ('atMost' in demand) return { mark: `≤ ${demand.atMost} ${unit}`, met: value <= demand.atMost }
  return { mark: `≥ ${demand.atLeast} ${unit}`, met: value >= demand.atLeast }
}

const round = (value: number) => Number(value.toPrecision(4))
