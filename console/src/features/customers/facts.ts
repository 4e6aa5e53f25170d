/** A fact may be any small JSON; most are words or numbers. */
export const spellFact = (value: unknown) =>
  value === null || typeof value === 'object' ? JSON.stringify(value) : String(value)

/** Already told at the head of the page. */
export const isOfProfile = (field: string) => ['name', 'language', 'zone', 'country'].includes(field)
