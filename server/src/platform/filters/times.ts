import { DateTime } from 'luxon'

export const periods = [
  'today',
  'yesterday',
  'tomorrow',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
] as const
export type Period = (typeof periods)[number]

export const spanUnits = ['minutes', 'hours', 'days', 'business_hours'] as const
export type Span = { n: number; unit: (typeof spanUnits)[number] }

/**
 * By whose clock a condition is read: days begin at midnight in `zone`, weeks on Monday. `businessAgo` counts
 * business time backwards by the calendar that holds for the reader; null where it was never open that long.
 */
export type Reader = {
  id: string | null
  teamIds: readonly string[]
  now: Date
  zone: string
  businessAgo(ms: number): Date | null
}

/** From the first instant to before the second; null where it is open. `never` holds no instant at all. */
export type Stretch = { from: Date | null; to: Date | null } | 'never'

export function stretchOf(period: Period, reader: Reader): Stretch {
  const here = localNow(reader)
  const [unit, shift] = periodsAs[period]
  const start = here.startOf(unit).plus({ [`${unit}s`]: shift })
  return { from: start.toJSDate(), to: start.plus({ [`${unit}s`]: 1 }).toJSDate() }
}

/** The local day of that date, 23 to 25 hours long. */
export function dayOf(date: string, { zone }: Reader): Stretch {
  const start = DateTime.fromISO(date, { zone }).startOf('day')
  return { from: start.toJSDate(), to: start.plus({ days: 1 }).toJSDate() }
}

/** Up to and with this moment. Days are local ones: the last 7 days are today and the six before it. */
export function lastOf(span: Span, reader: Reader): Stretch {
  const to = new Date(reader.now.getTime() + 1)
  if (span.unit !== 'days') return beforeNow(span, reader, from => ({ from, to }), { from: null, to })
  const from = localNow(reader)
    .startOf('day')
    .minus({ days: span.n - 1 })
  return { from: from.toJSDate(), to }
}

/** After this moment. Days are local ones: the next 2 days end with tomorrow. */
export function nextOf({ n, unit }: Span, reader: Reader): Stretch {
  const from = new Date(reader.now.getTime() + 1)
  const here = localNow(reader)
  const to =
    unit === 'days'
      ? here.startOf('day').plus({ days: n })
      : here.plus({ [unit === 'minutes' ? 'minutes' : 'hours']: n })
  return { from, to: to.toJSDate() }
}

/** Longer ago than that; a day ago is the same time of the day before, be it 23 hours or 25. */
export const olderThan = (span: Span, reader: Reader): Stretch =>
  beforeNow(span, reader, to => ({ from: null, to }), 'never')

function beforeNow(
  { n, unit }: Span,
  reader: Reader,
  stretch: (moment: Date) => Stretch,
  otherwise: Stretch,
): Stretch {
  if (unit !== 'business_hours')
    return stretch(
      localNow(reader)
        .minus({ [unit]: n })
        .toJSDate(),
    )
  const moment = reader.businessAgo(n * hour)
  return moment ? stretch(moment) : otherwise
}

const hour = 3_600_000

const localNow = ({ now, zone }: Reader) => DateTime.fromJSDate(now, { zone })

const periodsAs: Record<Period, ['day' | 'week' | 'month', number]> = {
  today: ['day', 0],
  yesterday: ['day', -1],
  tomorrow: ['day', 1],
  this_week: ['week', 0],
  last_week: ['week', -1],
  this_month: ['month', 0],
  last_month: ['month', -1],
}
