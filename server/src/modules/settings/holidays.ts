import { invalid } from '../../platform/errors.ts'
import type { Interval } from './business-time.ts'
import cnDays from './data/cn-days.json' with { type: 'json' }
import type { SuggestedDays } from './schemas.ts'

export type Holiday = { date: string; name: { en: string; local: string } }

/**
 * Days off and make-up workdays (调休) of mainland China, as the State Council announced them, with the source
 * and the day it was last checked.
 */
export type ChinaWorkdays = { off: Holiday[]; work: Holiday[]; source: string; verifiedAt: string }

/**
 * Public holidays of a country (ISO 3166-1) or of one of its regions (the part after the hyphen in ISO 3166-2,
 * `BY` for Bavaria), substitute days included, by date. A date counts when more than half of it is a holiday:
 * evenings before a feast and afternoons off are left out.
 */
export async function publicHolidays(
  country: string,
  region: string | undefined,
  year: number,
): Promise<Holiday[]> {
  const { default: Holidays } = await import('date-holidays')
  const calendar = new Holidays()
  if (!Object.hasOwn(calendar.getCountries(), country)) {
    throw invalid('unknown_country', `No holidays are known for ${country}.`)
  }
  if (region && !Object.hasOwn(calendar.getStates(country) ?? {}, region)) {
    throw invalid('unknown_region', `No holidays are known for ${region} in ${country}.`)
  }
  calendar.init(country, region)
  // A feast of several days may have begun in the old year.
  const feasts = (language?: string) =>
    [year - 1, year]
      .flatMap(each => calendar.getHolidays(each, language))
      .filter(({ type }) => type === 'public')
  // Before the English ones: date-holidays keeps to the language once asked for.
  const local = feasts()
  const english = new Map(feasts('en').map(({ date, rule, name }) => [`${date} ${rule}`, name]))
  const found = local.flatMap(feast => {
    const name = { en: english.get(`${feast.date} ${feast.rule}`) ?? feast.name, local: feast.name }
    return datesOf(feast).map(date => ({ date, name }))
  })
  return oneADay(found.filter(({ date }) => date.startsWith(`${year}-`)))
}

/** Undefined until the year's notice is entered in data/cn-days.json. */
export function chinaWorkdays(year: number): ChinaWorkdays | undefined {
  const announced = (cnDays.years as Record<string, (typeof cnDays.years)['2026']>)[year]
  if (!announced) return undefined
  const english: Record<string, string> = cnDays.english
  const list = (kind: 'off' | 'work') =>
    oneADay(
      announced.holidays.flatMap(({ name, ...days }) =>
        days[kind].map(date => ({ date, name: { en: english[name] ?? name, local: name } })),
      ),
    )
  const { source, verifiedAt } = announced
  return { off: list('off'), work: list('work'), source, verifiedAt }
}

/** Days to offer for a business calendar; make-up workdays take the hours of `workday`. */
export async function suggestCalendar(
  country: string,
  years: readonly number[],
  {
    region,
    workday = [{ from: '09:00', to: '18:00' }],
  }: { region?: string; workday?: readonly Interval[] } = {},
): Promise<SuggestedDays> {
  const days: SuggestedDays = { closed: [], special: [], unannounced: [] }
  for (const year of [...new Set(years)].sort()) {
    const china = country === 'CN' ? chinaWorkdays(year) : undefined
    if (country === 'CN' && !china) days.unannounced.push(year)
    const off = china?.off ?? (await publicHolidays(country, region, year)).filter(isForAll(country))
    days.closed.push(...off.map(({ date, name }) => ({ date, name: spoken(name) })))
    for (const { date, name } of china?.work ?? []) {
      days.special.push({
        date,
        intervals: [...workday],
        name: `调休上班 (make-up workday): ${spoken(name)}`,
      })
    }
  }
  return days
}

const hour = 3_600_000
const day = 24 * hour

/** From date-holidays' wall time, such as `2025-03-30 00:00:00 -0600` for a feast that begins at 18:00 the evening before. */
function datesOf({ date, start, end }: { date: string; start: Date; end: Date }): string[] {
  const [civil, time, eve = '0'] = date.split(' ')
  const begin = Date.parse(`${civil}T${time}Z`) + (Number(eve) / 100) * hour
  const finish = begin + (end.getTime() - start.getTime())
  const dates: string[] = []
  for (let at = Math.floor(begin / day) * day; at < finish; at += day) {
    const covered = Math.min(finish, at + day) - Math.max(begin, at)
    if (covered > day / 2) dates.push(new Date(at).toISOString().slice(0, 10))
  }
  return dates
}

function oneADay(holidays: Holiday[]): Holiday[] {
  const days = new Map<string, Holiday>()
  for (const { date, name } of holidays) {
    const other = days.get(date)?.name
    const both = (a: string | undefined, b: string) => (a && a !== b ? `${a} / ${b}` : b)
    days.set(date, { date, name: { en: both(other?.en, name.en), local: both(other?.local, name.local) } })
  }
  return [...days.values()].sort((a, b) => a.date.localeCompare(b.date))
}

const isForAll =
  (country: string) =>
  ({ date }: Holiday) =>
    country !== 'CN' || !cnDays.holidaysOfSome.monthDays.includes(date.slice(5))

const spoken = ({ en, local }: Holiday['name']) => (en === local ? en : `${local} (${en})`)
