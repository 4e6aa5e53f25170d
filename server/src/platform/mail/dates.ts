/**
 * A date of RFC 5322, obsolete forms and common mistakes included. V8 would read one without a zone by the
 * clock of the house; here it is UTC. Null for what is none, or is outside the years mail has existed.
 */
export function readDate(value: string): Date | null {
  const text = value.slice(0, 200)
  const parts = dayMonthYear.exec(text) ?? monthDayYear.exec(text)
  const time = parts ? mailDate(parts.groups!) : isoDate(text)
  const year = new Date(time).getUTCFullYear()
  return year >= 1970 && year <= 2200 ? new Date(time) : null
}

const clock = String.raw`(?<hour>\d{1,2})[:.](?<minute>\d{2})(?:[:.](?<second>\d{2}))?`
const zone = String.raw`(?<zone>[+-]\d{4}|[+-]\d{2}:\d{2}|[A-Z]{1,5})?`
const dayMonthYear = new RegExp(
  String.raw`(?<day>\d{1,2})[ -]{1,3}(?<month>[A-Z][a-z]{2})[a-z]{0,6}[ -]{1,3}(?<year>\d{2,4})[ ,]{1,3}${clock} {0,3}${zone}`,
)
/** What asctime() writes: Mon Jan  2 15:04:05 [zone] 2006. */
const monthDayYear = new RegExp(
  String.raw`(?<month>[A-Z][a-z]{2}) {1,3}(?<day>\d{1,2}) ${clock} {0,3}${zone} {0,3}(?<year>\d{4})`,
)

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function mailDate({ day, month, year, hour, minute, second, zone }: Record<string, string>) {
  const m = months.indexOf(month!)
  const y = fullYear(year!)
  if (m < 0 || Number(hour) > 23 || Number(minute) > 59 || Number(day) > 31) return Number.NaN
  return (
    Date.UTC(y, m, Number(day), Number(hour), Number(minute), Math.min(59, Number(second ?? 0))) -
    offsetOf(zone ?? '') * 60_000
  )
}

/** Two digits as RFC 5322 (4.3) reads them; three count from 1900. */
const fullYear = (year: string) =>
  year.length > 3 ? Number(year) : Number(year) + (year.length === 2 && Number(year) < 50 ? 2000 : 1900)

/** In minutes east of Greenwich. Of the names only those RFC 5322 defines mean anything; the rest count as UTC. */
function offsetOf(zone: string) {
  if (/^[+-]/.test(zone)) {
    const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
    return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes)
  }
  return named[zone] ?? 0
}

const named: Record<string, number> = {
  ...{ EST: -300, EDT: -240, CST: -360, CDT: -300, MST: -420, MDT: -360, PST: -480, PDT: -420 },
  ...{ CET: 60, CEST: 120, MET: 60, MEST: 120, JST: 540, BST: 60 },
}

function isoDate(text: string) {
  const iso = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?/.exec(text)?.[0]
  if (!iso) return Number.NaN
  const zone = /^(?:\.\d{1,9})? {0,2}([+-]\d{2}):?(\d{2})/.exec(text.slice(text.indexOf(iso) + iso.length))
  return Date.parse(`${iso.replace(' ', 'T')}${zone ? `${zone[1]}:${zone[2]}` : 'Z'}`)
}
