import { CloseOutlined, DownOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import { type ActionKind, actionKinds, useNameOfAction } from '../actions/api.ts'
import type { ConversationRow, ListFilter } from '../api.ts'
import css from './bulk.module.css'
import { BulkDialog } from './bulk-dialog.tsx'
import { type Chosen, nothingChosen } from './choosing.ts'

type Props = {
  chosen: Chosen
  rows: ConversationRow[]
  hasMore: boolean
  filter: ListFilter
  onChoose: (chosen: Chosen) => void
  onStarted: (jobId: string) => void
}

/** Over the list while something is chosen: how much, and what can be done to it. */
export function BulkBar({ chosen, rows, hasMore, filter, onChoose, onStarted }: Props) {
  const { t } = useTranslation()
  const may = useMay()
  const nameOf = useNameOfAction()
  const kinds = useQuery(actionKinds()).data ?? []
  const [kind, setKind] = useState<ActionKind | null>(null)
  const offered = kinds.filter(({ code }) => code !== 'reply' || may('conversations:bulk-reply'))
  const isAllLoaded = !chosen.isAll && rows.length > 0 && rows.every(({ id }) => chosen.ids.has(id))
  return (
    <div className={css.bar} role="toolbar" aria-label={t('bulk.title')}>
      <Button
        size="small"
        type="text"
        icon={<CloseOutlined />}
        aria-label={t('bulk.clear')}
        title={t('bulk.clear')}
        onClick={() => onChoose(nothingChosen)}
      />
      <span className={`cut ${css.count}`}>
        {chosen.isAll ? t('bulk.allOfView') : t('bulk.chosen', { count: chosen.ids.size })}
      </span>
      {!chosen.isAll && (!isAllLoaded || hasMore) && (
        <Button
          size="small"
          type="link"
          onClick={() => onChoose({ ids: new Set(rows.map(({ id }) => id)), isAll: hasMore, last: null })}
        >
          {t('bulk.chooseAll')}
        </Button>
      )}
      <span className={css.push} />
      <Dropdown
        trigger={['click']}
        menu={{
          items: offered.map(one => ({
            key: one.code,
            label: nameOf(one.code),
            onClick: () => setKind(one),
          })),
        }}
      >
        <Button size="small" type="primary">
          {t('bulk.do')} <DownOutlined />
        </Button>
      </Dropdown>
      {kind && <BulkDialog {...{ kind, chosen, rows, filter, onStarted }} onClose={() => setKind(null)} />}
    </div>
  )
}
