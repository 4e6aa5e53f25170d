const perUnit = 1_000_000

export const unitsOf = (micros: number) => micros / perUnit
export const microsOf = (units: number | null | undefined) => Math.round((units ?? 0) * perUnit)

/** A message costs less than a cent, so small amounts keep their places. */
export const spellMicros = (micros: number, currency: string, locale: string) =>
  new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    maximumFractionDigits: micros !== 0 && Math.abs(micros) < perUnit ? 4 : 2,
  }).format(unitsOf(micros))
