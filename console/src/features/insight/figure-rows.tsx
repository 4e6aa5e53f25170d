import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { RecordTable } from '../../ui/record-table.tsx'
import { Time } from '../../ui/time.tsx'
import { useNameOf } from '../customers/name.ts'
import { type FigureRow, type Figures, figureRows, type Metric, type Question } from './api.ts'
import { spellPart, spellSpan, spellValue } from './spelled.ts'

type Props = {
  metric: Metric
  question: Question
  /** Undefined for the whole figure, null for the part that has none. */
  part: string | null | undefined
  figures: Figures
  onClose: () => void
}

/** What a figure counts, each with what it adds, and from there to the thread. */
export function FigureRows({ metric, question, part, figures, onClose }: Props) {
  const { t, i18n } = useTranslation()
  const nameOf = useNameOf()
  const rows = useInfiniteQuery(figureRows({ ...question, ...(part !== undefined && { key: part }) }))
  const figure = part === undefined ? figures.total : figures.items.find(({ key }) => key === part)
  const name =
    part === undefined || !figures.by
      ? t('figure.all')
      : spellPart(
          figures.by,
          figures.items.find(({ key }) => key === part) ?? { key: part, name: null },
          t,
          i18n.language,
        )
  const adds = ({ numerator, denominator }: FigureRow) => {
    if (metric.unit === 'seconds') return spellValue('seconds', numerator, t, i18n.language)
    if (denominator !== 1) return `${spellSpan(numerator, t)} / ${spellSpan(denominator, t)}`
    return metric.unit === 'count' ? numerator : t(numerator > 0 ? 'figure.counts' : 'figure.countsNot')
  }
  return (
    <Drawer
      open
      size={760}
      title={`${metric.name} · ${name}`}
      extra={
        figure && (
          <span className="quiet number">
            {spellValue(metric.unit, figure.value, t, i18n.language)} · {t('figure.n')} {figure.n}
          </span>
        )
      }
      onClose={onClose}
    >
      <RecordTable<FigureRow>
        label={t('figure.rows')}
        rows={{ ...rows, data: rows.data?.pages.flatMap(({ items }) => items) }}
        rowKey={({ key }) => key}
        empty={{ title: t('figure.noRows') }}
        columns={[
          {
            key: 'number',
            title: t('figure.conversation'),
            render: ({ conversation, staff }) =>
              conversation ? (
                <Link to="/insight/watch/$conversationId" params={{ conversationId: conversation.id }}>
                  #{conversation.number} {nameOf({ name: conversation.customer ?? '' })}
                </Link>
              ) : (
                staff?.name
              ),
          },
          {
            key: 'channel',
            title: t('figure.cut.channel_kind'),
            render: ({ conversation }) =>
              conversation &&
              t(`channel.kind.${conversation.channelKind as 'mail'}`, {
                defaultValue: conversation.channelKind,
              }),
          },
          { key: 'staff', title: t('figure.cut.staff'), render: ({ staff }) => staff?.name ?? '–' },
          { key: 'at', title: t('figure.at'), render: ({ at }) => <Time at={at} as="moment" /> },
          { key: 'adds', title: t('figure.adds'), align: 'right', render: adds },
        ]}
      />
    </Drawer>
  )
}
