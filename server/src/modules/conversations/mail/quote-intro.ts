/**
 * How mail programs of the world introduce what they quote, as Gmail words it; verified 2026-11-22. Ours must be
 * one that everybody's folding knows, our own included.
 */
const intros: Record<string, (date: string, name: string) => string> = {
  en: (date, name) => `On ${date}, ${name} wrote:`,
  zh: (date, name) => `${name} 于${date}写道：`,
  ja: (date, name) => `${date} ${name}:`,
  ko: (date, name) => `${date}, ${name} 님이 작성:`,
  de: (date, name) => `Am ${date} schrieb ${name}:`,
  fr: (date, name) => `Le ${date}, ${name} a écrit :`,
  es: (date, name) => `El ${date}, ${name} escribió:`,
  pt: (date, name) => `Em ${date}, ${name} escreveu:`,
  it: (date, name) => `Il ${date} ${name} ha scritto:`,
  ru: (date, name) => `${date}, ${name}:`,
  nl: (date, name) => `Op ${date} schreef ${name}:`,
}

/** In the customer's language where we know it, with the time as he reads it. */
export function quoteIntro(language: string | null, zone: string, at: Date, name: string): string {
  const tongue = (language ?? 'en').slice(0, 2)
  const date = new Intl.DateTimeFormat(tongue, { dateStyle: 'long', timeStyle: 'short', timeZone: zone })
  return (intros[tongue] ?? intros.en!)(date.format(at), name)
}
