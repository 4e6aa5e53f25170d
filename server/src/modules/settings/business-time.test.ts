import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  addBusinessTime,
  type BusinessCalendar,
  businessTimeBefore,
  businessTimeBetween,
  calendarProblems,
  type Interval,
  isOpen,
  nextOpening,
  type OpeningHours,
} from './business-time.ts'
import { clockChanges, openMinutes, scenes } from './test-calendars.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const at = (iso: string) => new Date(iso)

const office: Interval[] = [{ from: '09:00', to: '18:00' }]
const withLunch: Interval[] = [
  { from: '09:00', to: '12:30' },
  { from: '13:30', to: '18:00' },
]
const everyDay = (intervals: Interval[]): OpeningHours['weekly'] => ({
  1: intervals,
  2: intervals,
  3: intervals,
  4: intervals,
  5: intervals,
  6: intervals,
  7: intervals,
})
const weekdays = (intervals: Interval[]) => ({ ...everyDay(intervals), 6: [], 7: [] })
const hours = (
  zone: string,
  weekly: OpeningHours['weekly'],
  rest: Partial<OpeningHours> = {},
): OpeningHours => ({
  zone,
  weekly,
  closed: [],
  special: [],
  ...rest,
})

describe('a deadline in business time', () => {
  // biome-ignore format: a table
  const cases: [string, BusinessCalendar, string, number, string][] = [
    ['counts every second of an always calendar', 'always', '2026-03-29T00:59:45Z', 30_000, '2026-03-29T01:00:15Z'],
    ['moves over the weekend (F50)', hours('Europe/Berlin', weekdays(office)), '2026-01-16T16:30:00Z', hour, '2026-01-19T08:30:00Z'],
    ['falls on the closing minute, not on the next opening', hours('Europe/Berlin', weekdays(office)), '2026-01-16T16:30:00Z', hour / 2, '2026-01-16T17:00:00Z'],
    ['stops for lunch', hours('Asia/Shanghai', weekdays(withLunch)), '2026-03-02T04:00:00Z', hour, '2026-03-02T06:00:00Z'],
    ['starts at the opening for what comes at night', hours('Asia/Tokyo', weekdays(office)), '2026-03-02T15:00:00Z', 30_000, '2026-03-03T00:00:30Z'],
    ['leaves out a closed day', hours('Asia/Tokyo', weekdays(office), { closed: [{ date: '2026-03-03', name: '桃' }] }), '2026-03-02T15:00:00Z', 30_000, '2026-03-04T00:00:30Z'],
    ['takes a make-up Saturday', hours('Asia/Shanghai', weekdays(office), { special: [{ date: '2026-02-28', intervals: office, name: '调休' }] }), '2026-02-27T09:59:00Z', 2 * minute, '2026-02-28T01:01:00Z'],
    ['keeps to a short day', hours('Europe/London', weekdays(office), { special: [{ date: '2026-12-24', intervals: [{ from: '09:00', to: '12:00' }], name: 'Christmas Eve' }] }), '2026-12-24T11:30:00Z', hour, '2026-12-25T09:30:00Z'],
    ['runs through midnight where two intervals meet', hours('Asia/Kolkata', everyDay([{ from: '00:00', to: '02:00' }, { from: '20:00', to: '24:00' }])), '2026-05-01T18:00:00Z', hour, '2026-05-01T19:00:00Z'],
    ['keeps the wall clock when summer time begins (F51)', hours('Europe/London', everyDay(office)), '2026-03-28T18:00:00Z', hour, '2026-03-29T09:00:00Z'],
    ['keeps the wall clock when summer time ends (F51)', hours('America/New_York', everyDay(office)), '2026-10-31T23:00:00Z', hour, '2026-11-01T15:00:00Z'],
    ['counts an hour once in the repeated hour (F53)', hours('Europe/London', everyDay([{ from: '00:00', to: '24:00' }])), '2026-10-25T00:30:00Z', hour, '2026-10-25T01:30:00Z'],
    ['passes over the day Samoa never had', hours('Pacific/Apia', everyDay(office)), '2011-12-30T03:30:00Z', hour, '2011-12-30T19:30:00Z'],
  ]
  test.each(cases)('%s', (_, calendar, from, ms, due) => {
    expect(addBusinessTime(calendar, at(from), ms)).toEqual(at(due))
  })

  test('of no time is at once, even when closed', () => {
    const sunday = at('2026-01-18T10:00:00Z')
    expect(addBusinessTime(hours('Europe/Berlin', weekdays(office)), sunday, 0)).toEqual(sunday)
  })

  test('does not exist where nothing opens', () => {
    expect(addBusinessTime(hours('Europe/Berlin', {}), at('2026-01-18T10:00:00Z'), 1)).toBeNull()
  })

  test('does not exist more than a century ahead', () => {
    const rare = hours('Europe/Berlin', { 1: [{ from: '09:00', to: '09:01' }] })
    expect(addBusinessTime(rare, at('2026-01-18T10:00:00Z'), 300 * day)).toBeNull()
    expect(addBusinessTime('always', at('2026-01-18T10:00:00Z'), 1e18)).toBeNull()
  })

  test.each([-1, Number.NaN])('of %d ms is refused', ms => {
    expect(() => addBusinessTime('always', at('2026-01-18T10:00:00Z'), ms)).toThrow(RangeError)
  })

  test('in a zone that does not exist is refused', () => {
    expect(() => addBusinessTime(hours('Mars/Olympus', everyDay(office)), new Date(), 1)).toThrow(RangeError)
  })

  test('from an invalid date is refused', () => {
    expect(() => addBusinessTime('always', new Date(Number.NaN), 1)).toThrow(RangeError)
  })
})

describe('opening and closing times on the days clocks change', () => {
  const london = (from: string, to: string) => hours('Europe/London', everyDay([{ from, to }]))

  test('a start in the skipped hour is its end', () => {
    expect(nextOpening(london('01:30', '05:00'), at('2026-03-29T00:00:00Z'))).toEqual(
      at('2026-03-29T01:00:00Z'),
    )
  })

  test('an interval inside the skipped hour does not open', () => {
    expect(nextOpening(london('01:15', '01:45'), at('2026-03-29T00:00:00Z'))).toEqual(
      at('2026-03-30T00:15:00Z'),
    )
  })

  test('a start in the repeated hour is its first occurrence', () => {
    expect(nextOpening(london('01:30', '05:00'), at('2026-10-25T00:00:00Z'))).toEqual(
      at('2026-10-25T00:30:00Z'),
    )
  })

  test('an end in the repeated hour is its first occurrence', () => {
    const calendar = london('00:30', '01:30')
    expect(isOpen(calendar, at('2026-10-25T00:29:59Z'))).toBe(true)
    expect(isOpen(calendar, at('2026-10-25T01:15:00Z'))).toBe(false)
  })

  test('clocks put back for Ramadan and on again a month later are followed', () => {
    const calendar = hours('Africa/Casablanca', everyDay(office))
    const openings = ['2019-05-04', '2019-05-06', '2019-06-08', '2019-06-10'].map(date =>
      nextOpening(calendar, at(`${date}T00:00:00Z`))?.toISOString(),
    )
    expect(openings).toEqual([
      '2019-05-04T08:00:00.000Z',
      '2019-05-06T09:00:00.000Z',
      '2019-06-08T09:00:00.000Z',
      '2019-06-10T08:00:00.000Z',
    ])
  })

  test('history is counted with the offsets of its own dates (F52)', () => {
    const calendar = london('09:00', '18:00')
    expect(businessTimeBetween(calendar, at('2026-01-05T08:30:00Z'), at('2026-01-05T09:30:00Z'))).toBe(
      hour / 2,
    )
    expect(businessTimeBetween(calendar, at('2026-07-06T08:30:00Z'), at('2026-07-06T09:30:00Z'))).toBe(hour)
  })
})

describe('the next opening', () => {
  const calendar = hours('Europe/Berlin', weekdays(office))

  test('is now while open', () => {
    expect(nextOpening(calendar, at('2026-01-16T12:00:00Z'))).toEqual(at('2026-01-16T12:00:00Z'))
  })

  test('after closing on Friday is Monday morning', () => {
    expect(nextOpening(calendar, at('2026-01-16T17:00:00Z'))).toEqual(at('2026-01-19T08:00:00Z'))
  })

  test('is found 399 days ahead and not 402', () => {
    const from = at('2026-01-01T00:00:00Z')
    const opensOnce = (days: number) => {
      const date = new Date(from.getTime() + days * day).toISOString().slice(0, 10)
      return hours('Etc/UTC', {}, { special: [{ date, intervals: office, name: 'once' }] })
    }
    expect(nextOpening(opensOnce(399), from)).toEqual(new Date(from.getTime() + 399 * day + 9 * hour))
    expect(nextOpening(opensOnce(402), from)).toBeNull()
  })
})

describe('time between', () => {
  test('is none backwards', () => {
    expect(businessTimeBetween('always', at('2026-01-02T00:00:00Z'), at('2026-01-01T00:00:00Z'))).toBe(0)
    const calendar = hours('Etc/UTC', everyDay(office))
    expect(businessTimeBetween(calendar, at('2026-01-02T00:00:00Z'), at('2026-01-01T00:00:00Z'))).toBe(0)
  })

  test('looks across two closed years', () => {
    const special = ['2026-01-01', '2028-01-01'].map(date => ({ date, intervals: office, name: '' }))
    const calendar = hours('Etc/UTC', {}, { special })
    expect(businessTimeBetween(calendar, at('2025-12-31T00:00:00Z'), at('2028-02-01T00:00:00Z'))).toBe(
      18 * hour,
    )
  })

  test('counts a minute of two overlapping intervals once', () => {
    const calendar = hours('Etc/UTC', everyDay([...office, { from: '10:00', to: '12:00' }]))
    expect(businessTimeBetween(calendar, at('2026-01-01T00:00:00Z'), at('2026-01-02T00:00:00Z'))).toBe(
      9 * hour,
    )
  })
})

describe('a calendar', () => {
  const sound = hours('Asia/Shanghai', weekdays(withLunch))

  test('with lunch, midnight, holidays and make-up days is sound', () => {
    const weekly = { ...weekdays(withLunch), 7: [{ from: '00:00', to: '24:00' }] }
    const closed = [{ date: '2028-02-29', name: 'leap' }]
    const special = [{ date: '2026-02-28', intervals: office, name: '调休' }]
    expect(calendarProblems({ ...sound, weekly, closed, special })).toEqual([])
    expect(calendarProblems('always')).toEqual([])
  })

  const twoDates = (a: string, b: string) => ({
    closed: [{ date: a, name: '' }],
    special: [{ date: b, intervals: [], name: '' }],
  })
  // biome-ignore format: a table
  test.each<[string, string, string, Partial<OpeningHours>]>([
    ['an unknown zone', 'zone', 'unknown_zone', { zone: 'Europe/Atlantis' }],
    ['no zone', 'zone', 'unknown_zone', { zone: '' }],
    ['a bare offset for a zone', 'zone', 'unknown_zone', { zone: '+08:00' }],
    ['an eighth weekday', 'weekly.8', 'unknown_weekday', { weekly: { ...sound.weekly, 8: [] } as OpeningHours['weekly'] }],
    ['a time without its zero', 'weekly.1.0.from', 'bad_time', { weekly: { 1: [{ from: '9:00', to: '10:00' }] } }],
    ['a time past midnight', 'weekly.1.0.to', 'bad_time', { weekly: { 1: [{ from: '09:00', to: '24:01' }] } }],
    ['an end before its start', 'weekly.2.0', 'ends_before_start', { weekly: { 2: [{ from: '22:00', to: '02:00' }] } }],
    ['an empty interval', 'weekly.2.0', 'ends_before_start', { weekly: { 2: [{ from: '09:00', to: '09:00' }] } }],
    ['an overlap out of order', 'weekly.3.0', 'overlap', { weekly: { 3: [{ from: '12:29', to: '13:00' }, ...withLunch] } }],
    ['an overlap on a special day', 'special.0.intervals.1', 'overlap', { special: [{ date: '2026-01-01', intervals: [...office, ...office], name: '' }] }],
    ['29 February of a common year', 'closed.0.date', 'no_such_date', twoDates('2026-02-29', '2026-03-01')],
    ['a date with a time', 'special.0.date', 'no_such_date', twoDates('2026-02-28', '2026-03-01T00:00')],
    ['a date both closed and special', 'special.0.date', 'date_twice', twoDates('2026-03-01', '2026-03-01')],
    ['no opening at all', 'weekly', 'never_open', { weekly: { 1: [] }, closed: [], special: [] }],
  ])('with %s is refused', (_, path, code, change) => {
    expect(calendarProblems({ ...sound, ...change })).toEqual([{ path, code }])
  })
})

describe('in any calendar, zone and season', () => {
  test('every answer is that of a walk minute by minute', { timeout: 120_000 }, () => {
    let changesMet = 0
    const windowMinutes = 27 * 60
    const property = fc.property(
      scenes,
      fc.integer({ min: 0, max: minute - 1 }),
      fc.nat(),
      ({ calendar, from }, withinMinute, pick) => {
        const open = openMinutes(calendar, from, windowMinutes)
        const to = from + windowMinutes * minute
        if (clockChanges.get(calendar.zone)?.some(change => change >= from && change < to)) changesMet++

        const answers = open.map((_, i) => isOpen(calendar, new Date(from + i * minute + withinMinute)))
        expect(answers.findIndex((answer, i) => answer !== open[i])).toBe(-1)

        const opened = open.flatMap((isOn, i) => (isOn ? [from + i * minute] : []))
        expect(businessTimeBetween(calendar, new Date(from), new Date(to))).toBe(opened.length * minute)

        const next = nextOpening(calendar, new Date(from))?.getTime() ?? Number.POSITIVE_INFINITY
        if (opened.length === 0) {
          expect(next).toBeGreaterThanOrEqual(to)
          return
        }
        expect(next).toBe(opened[0])

        const last = pick % opened.length
        const due = addBusinessTime(calendar, new Date(from), last * minute + withinMinute + 1)
        expect(due?.getTime()).toBe(opened[last]! + withinMinute + 1)
      },
    )
    fc.assert(property, { numRuns: 1000 })
    expect(changesMet).toBeGreaterThan(300)
  })

  test('adding and measuring agree, add up and never go back', { timeout: 120_000 }, () => {
    const durations = fc.oneof(
      fc.integer({ min: 0, max: 10 * minute }),
      fc.integer({ min: 0, max: 60 * day }),
    )
    const property = fc.property(
      scenes,
      fc.integer({ min: 0, max: 3 * day }),
      durations,
      durations,
      ({ calendar, from }, later, a, b) => {
        fc.pre(calendarProblems(calendar).every(({ code }) => code !== 'never_open'))
        const start = new Date(from)
        const due = addBusinessTime(calendar, start, a)
        fc.pre(due !== null)

        expect(businessTimeBetween(calendar, start, due!)).toBe(a)
        if (a > 0) expect(businessTimeBetween(calendar, start, new Date(due!.getTime() - 1))).toBe(a - 1)

        if (a > 0) {
          const before = businessTimeBefore(calendar, start, a)
          expect(before && businessTimeBetween(calendar, before, start)).toBe(before && a)
          if (before) expect(businessTimeBetween(calendar, new Date(before.getTime() + 1), start)).toBe(a - 1)
        }

        const both = addBusinessTime(calendar, start, a + b)
        expect(addBusinessTime(calendar, due!, b)).toEqual(both)

        const laterStart = new Date(from + later)
        const laterDue = addBusinessTime(calendar, laterStart, a)
        if (laterDue) expect(laterDue.getTime()).toBeGreaterThanOrEqual(due!.getTime())

        const end = new Date(from + later + b)
        const parts =
          businessTimeBetween(calendar, start, laterStart) + businessTimeBetween(calendar, laterStart, end)
        expect(parts).toBe(businessTimeBetween(calendar, start, end))
      },
    )
    fc.assert(property, { numRuns: 1000 })
  })
})

describe('the time zone of the process', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  test.each([
    ['Asia/Kolkata', -330],
    ['America/St_Johns', 210],
  ])('%s changes no answer', (zone, offset) => {
    vi.stubEnv('TZ', zone)
    expect(new Date('2026-01-16T12:00:00Z').getTimezoneOffset()).toBe(offset)
    const calendar = hours('Europe/Berlin', weekdays(office), { closed: [{ date: '2026-01-19', name: '' }] })
    expect(addBusinessTime(calendar, at('2026-01-16T16:30:00Z'), hour)).toEqual(at('2026-01-20T08:30:00Z'))
    expect(calendarProblems({ ...calendar, closed: [{ date: '2026-03-29', name: '' }] })).toEqual([])
  })
})
