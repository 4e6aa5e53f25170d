/** A fact may be any small JSON; most are words or numbers. */
export const spellFact = (value: unknown) =>
  value === null || typeof value === 'object' ? JSON.stringify(value) : String(value)
