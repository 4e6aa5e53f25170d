import type { Ctx } from '../../../platform/context.ts'
import { maskFor } from '../../../platform/masking.ts'
import { Conversation } from '../../conversations/schemas.ts'
import { listConversations } from '../../conversations/views.ts'
import type { Locale } from '../../staff/tables.ts'
import { listDays } from '../days.ts'
import { getFigures } from '../figures.ts'
import { getMetric } from '../metrics/metrics.ts'
import { listRows } from '../rows.ts'
import { type ExportMatter, type Figure, FigureRows } from '../schemas.ts'
import type { Cell, Sheet } from './sheet.ts'

/** More than a spreadsheet is good for; what is beyond is left out and the export says so. */
export const mostRows = 100_000
const pageOfRows = 5_000
const pageOfConversations = 500

/** What was asked for, as columns and rows in the language of the one who asked. */
export async function sheetOf(ctx: Ctx, matter: ExportMatter, locale: Locale): Promise<Sheet> {
  const say = (zh: string, en: string) => (locale === 'zh' ? zh : en)
  if (matter.kind === 'figures') return figuresSheet(ctx, matter.question, locale, say)
  if (matter.kind === 'rows') return rowsSheet(ctx, matter.question, say)
  return matter.kind === 'view' ? viewSheet(ctx, matter.savedViewId, say) : daysSheet(ctx, matter.date, say)
}

type Say = (zh: string, en: string) => string
type QuestionOf<K extends ExportMatter['kind']> =
  Extract<ExportMatter, { kind: K }> extends {
    question: infer Q
  }
    ? Q
    : never

const figureColumns = (say: Say) => [
  say('数值', 'Value'),
  say('分子', 'Numerator'),
  say('分母', 'Denominator'),
  'n',
  ...['P50', 'P90', 'P95'],
  say('达标', 'Within target'),
]
const figureCells = ({ value, numerator, denominator, n, p50, p90, p95, withinTarget }: Figure): Cell[] => [
  ...[value, numerator, denominator, n, p50, p90, p95],
  withinTarget?.value ?? null,
]

async function figuresSheet(
  ctx: Ctx,
  question: QuestionOf<'figures'>,
  locale: Locale,
  say: Say,
): Promise<Sheet> {
  const { total, items, by, dayZone } = await getFigures(ctx, question)
  const metric = getMetric(question.metric)
  const zone = dayZone.zone ?? say('店铺当地', 'store’s own')
  const head: Cell[] = [metric.names[locale], `${question.from} – ${question.to}`, zone]
  return {
    columns: [
      ...[say('指标', 'Metric'), say('期间', 'Period'), say('日界时区', 'Days by'), say('分组', 'Part')],
      ...[by ?? say('合计', 'Total'), ...figureColumns(say)],
    ],
    rows: listed([
      [...head, say('合计', 'Total'), null, ...figureCells(total)],
      ...items.map(item => [...head, item.name ?? item.key, item.key, ...figureCells(item)]),
    ]),
  }
}

function rowsSheet(ctx: Ctx, question: QuestionOf<'rows'>, say: Say): Sheet {
  const mask = maskFor(FigureRows)
  return {
    columns: [
      ...[say('编号', 'Number'), say('客户', 'Customer'), say('店铺', 'Store'), say('渠道', 'Channel')],
      ...[say('语言', 'Language'), say('联系原因', 'Reason'), say('状态', 'Status'), say('人员', 'Person')],
      ...[say('时间 (UTC)', 'At (UTC)'), say('分子', 'Numerator'), say('分母', 'Denominator')],
      ...[say('目标', 'Target')],
    ],
    rows: pages(async cursor => {
      const page = await listRows(ctx, { ...question, limit: pageOfRows, ...(cursor && { cursor }) })
      mask?.(page, ctx.actor)
      return {
        next: page.next,
        rows: page.items.map(({ conversation: c, staff, at, numerator, denominator, target }) => [
          ...[c?.number ?? null, c?.customer ?? null, c?.store ?? null, c?.channelKind ?? null],
          ...[c?.language ?? null, c?.reason ?? null, c?.category ?? null, staff?.name ?? null],
          ...[at, numerator, denominator, target],
        ]),
      }
    }),
  }
}

function viewSheet(ctx: Ctx, savedViewId: string, say: Say): Sheet {
  const mask = maskFor(Conversation)
  return {
    columns: [
      ...[say('编号', 'Number'), say('客户', 'Customer'), say('国家', 'Country'), say('店铺', 'Store')],
      ...[say('渠道', 'Channel'), say('状态', 'Status'), say('负责人', 'Assignee'), say('团队', 'Team')],
      ...[say('优先级', 'Priority'), say('语言', 'Language'), say('联系原因', 'Reason'), say('标签', 'Tags')],
      ...[say('主题', 'Subject'), say('开启 (UTC)', 'Opened (UTC)')],
      ...[say('最近动态 (UTC)', 'Last activity (UTC)'), say('解决 (UTC)', 'Resolved (UTC)')],
    ],
    rows: pages(async cursor => {
      const page = await listConversations(ctx, {
        ...{ view: 'all', sort: 'activity', savedViewId, limit: pageOfConversations },
        ...(cursor && { cursor }),
      })
      for (const item of page.items) mask?.(item, ctx.actor)
      return {
        next: page.next,
        rows: page.items.map(c => [
          ...[c.number, c.customer.name, c.customer.country, c.store.name, c.channel.kind, c.status.category],
          ...[c.assignee?.name ?? null, c.team?.name ?? null, c.priority, c.language, c.reason],
          ...[c.tags.join(', '), c.subject, c.openedAt, c.lastActivityAt, c.resolvedAt],
        ]),
      }
    }),
  }
}

async function daysSheet(ctx: Ctx, date: string, say: Say): Promise<Sheet> {
  const { items, zone } = await listDays(ctx, date)
  return {
    columns: [
      ...[say('日期', 'Day'), say('时区', 'Zone'), say('人员', 'Person')],
      ...[say('在线秒数', 'Seconds at work'), say('离开秒数', 'Seconds away')],
      ...[say('会话', 'Conversations'), say('回复次数', 'Answers'), say('首次回复', 'First answers')],
      ...[say('解决', 'Resolved'), say('响应 P50', 'Response P50'), say('响应 P90', 'Response P90')],
      ...[say('首响 P50', 'First response P50'), say('首响 P90', 'First response P90')],
      ...[say('平均处理', 'Mean handling'), say('占用率', 'Occupancy'), say('主要原因', 'Reasons')],
    ],
    rows: listed(
      items.map(item => [
        ...[date, zone, item.staff.name, item.onlineSeconds, item.awaySeconds, item.conversations],
        ...[item.response?.n ?? 0, item.firstResponse?.n ?? 0, item.resolution?.n ?? 0],
        ...[item.response?.p50 ?? null, item.response?.p90 ?? null],
        ...[item.firstResponse?.p50 ?? null, item.firstResponse?.p90 ?? null],
        ...[item.handling?.value ?? null, item.occupancy?.value ?? null],
        item.reasons.map(({ name, code, n }) => `${name ?? code ?? '–'} ${n}`).join(', '),
      ]),
    ),
  }
}

async function* listed(rows: readonly (readonly Cell[])[]) {
  yield* rows
}

type PageOfCells = { next: string | null; rows: readonly (readonly Cell[])[] }

async function* pages(read: (cursor: string | undefined) => Promise<PageOfCells>) {
  let cursor: string | undefined
  do {
    const page = await read(cursor)
    yield* page.rows
    cursor = page.next ?? undefined
  } while (cursor)
}
