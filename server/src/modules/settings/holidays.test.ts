import { describe, expect, test } from 'vitest'
import { addBusinessTime, calendarProblems, isOpen } from './business-time.ts'
import cnDays from './data/cn-days.json' with { type: 'json' }
import { chinaWorkdays, publicHolidays, suggestCalendar } from './holidays.ts'

const datesOf = (days: { date: string }[]) => days.map(({ date }) => date.slice(5)).join(' ')

describe('public holidays', () => {
  // The days of type public in shared/data/calendar/public-holidays (date-holidays, ISC and CC-BY-3.0), feasts of
  // several days written out.
  // biome-ignore format: a table
  test.each<[string, string, string | undefined, number, string]>([
    ['the United States', 'US', undefined, 2025, '01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25'],
    ['Bavaria, which keeps more than Germany', 'DE', 'BY', 2025, '01-01 01-06 04-18 04-21 05-01 05-29 06-09 06-19 10-03 11-01 12-25 12-26'],
    ['Japan with substitute days', 'JP', undefined, 2025, '01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-23 11-24'],
    ['France', 'FR', undefined, 2024, '01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25'],
    ['Turkey, its feasts in full and their eves left out', 'TR', undefined, 2025, '01-01 03-30 03-31 04-01 04-23 05-01 05-19 06-06 06-07 06-08 06-09 07-15 08-30 10-29'],
    ['Vietnam, Tết in full', 'VN', undefined, 2025, '01-01 01-28 01-29 01-30 01-31 02-01 04-07 04-30 05-01 09-02'],
    ['Iceland without its half days', 'IS', undefined, 2026, '01-01 04-02 04-03 04-05 04-06 04-23 05-01 05-14 05-24 05-25 06-17 08-03 12-25 12-26'],
  ])('of %s', async (_, country, region, year, dates) => {
    expect(datesOf(await publicHolidays(country, region, year))).toBe(dates)
  })

  test('of a new year observed on 31 December belong to the old year', async () => {
    expect(datesOf(await publicHolidays('US', undefined, 2027))).toMatch(/12-31$/)
    expect(datesOf(await publicHolidays('US', undefined, 2028))).toMatch(/^01-01 01-17/)
  })

  test('are named in English and in the language of the place', async () => {
    expect((await publicHolidays('DE', undefined, 2026))[0]?.name).toEqual({
      en: "New Year's Day",
      local: 'Neujahr',
    })
    expect((await publicHolidays('JP', undefined, 2026))[0]?.name).toEqual({
      en: "New Year's Day",
      local: '元日',
    })
    expect((await publicHolidays('CH', undefined, 2026))[4]?.name).toEqual({
      en: 'Ascension Day',
      local: 'Auffahrt',
    })
  })

  test('that fall together are one day with both names', async () => {
    const days = (await publicHolidays('KR', undefined, 2025)).filter(({ date }) => date === '2025-05-05')
    expect(days.map(({ name }) => name.en)).toEqual(["Children's Day / Buddha's Birthday"])
  })

  test.each([
    ['UK', undefined, 'unknown_country'],
    ['constructor', undefined, 'unknown_country'],
    ['DE', 'ZZ', 'unknown_region'],
  ])('of %s %s are refused', async (country, region, code) => {
    await expect(publicHolidays(country, region, 2026)).rejects.toMatchObject({ status: 422, code })
  })
})

describe("China's days off and make-up workdays", () => {
  test('of 2026 are those of the notice', () => {
    const { off, work, verifiedAt } = chinaWorkdays(2026)!
    expect(datesOf(work)).toBe('01-04 02-14 02-28 05-09 09-20 10-10')
    expect(off).toHaveLength(33)
    expect(off[3]).toEqual({ date: '2026-02-15', name: { en: 'Spring Festival', local: '春节' } })
    expect(verifiedAt).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  })

  test('are unknown before the notice', () => {
    expect(chinaWorkdays(2017)).toBeUndefined()
    expect(chinaWorkdays(2099)).toBeUndefined()
  })

  const years = Object.keys(cnDays.years).map(Number)
  test.each(
    years,
  )('of %d: work is made up at weekends, none of it on a day off, every name has its English', year => {
    const { off, work } = chinaWorkdays(year)!
    expect(work.filter(({ date }) => ![0, 6].includes(new Date(date).getUTCDay()))).toEqual([])
    expect(work.filter(({ date }) => off.some(day => day.date === date))).toEqual([])
    expect(
      [...off, ...work].filter(({ date, name }) => !date.startsWith(`${year}-`) || name.en === name.local),
    ).toEqual([])
  })

  test.each(years)('of %d hold the holidays of all citizens', async year => {
    const off = chinaWorkdays(year)!.off.map(({ date }) => date)
    // New Year's Eve became a holiday in 2025; before, it was off in most years by exchange only.
    const all = (await suggestedWithoutNotice(year)).filter(date => year >= 2025 || !isNewYearsEve(date))
    expect(all.filter(date => !off.includes(date))).toEqual([])
  })

  const suggestedWithoutNotice = async (year: number) =>
    (await publicHolidays('CN', undefined, year))
      .map(({ date }) => date)
      .filter(date => !cnDays.holidaysOfSome.monthDays.includes(date.slice(5)))
  const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', {
    month: 'numeric',
    day: 'numeric',
    timeZone: 'UTC',
  })
  const isNewYearsEve = (date: string) => lunar.format(Date.parse(date) + 86_400_000) === '1/1'
})

describe('a suggested calendar', () => {
  const office = [{ from: '09:00', to: '18:00' }]
  const weekly = { 1: office, 2: office, 3: office, 4: office, 5: office }

  test('for China is sound, works on make-up Saturdays and rests in the golden week', async () => {
    const { closed, special, unannounced } = await suggestCalendar('CN', [2025, 2026], { workday: office })
    const calendar = { zone: 'Asia/Shanghai', weekly, closed, special }
    expect(unannounced).toEqual([])
    expect(calendarProblems(calendar)).toEqual([])
    expect(isOpen(calendar, new Date('2026-10-10T02:00:00Z'))).toBe(true)
    expect(isOpen(calendar, new Date('2026-10-17T02:00:00Z'))).toBe(false)
    expect(addBusinessTime(calendar, new Date('2026-09-30T09:59:00Z'), 120_000)).toEqual(
      new Date('2026-10-08T01:01:00Z'),
    )
  })

  test('for a year of China without a notice says so and leaves out the holidays of some', async () => {
    const { closed, special, unannounced } = await suggestCalendar('CN', [2099])
    expect(unannounced).toEqual([2099])
    expect(special).toEqual([])
    expect(datesOf(closed)).toMatch(/10-01 10-02 10-03/)
    expect(datesOf(closed)).not.toMatch(/03-08|06-01|08-01/)
  })

  test('for several years names each day in both languages, in order and once', async () => {
    const { closed, special } = await suggestCalendar('DE', [2027, 2026, 2027], { region: 'BY' })
    expect(closed[0]).toEqual({ date: '2026-01-01', name: "Neujahr (New Year's Day)" })
    expect(closed.map(({ date }) => date)).toEqual([...new Set(closed.map(({ date }) => date))].sort())
    expect(closed).toHaveLength(24)
    expect(special).toEqual([])
  })
})
