import { ClockCircleOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ClockChip } from '../../ui/clock-chip.tsx'
import { Skeleton } from '../../ui/states.tsx'
import type { ConversationRow } from '../conversations/api.ts'
import { conversationClocks } from './api.ts'
import { ClockEntry } from './clock-entry.tsx'
import css from './clocks.module.css'

type Props = { row: ConversationRow; onPromise: (() => void) | undefined }

/** The nearest clock of a conversation; opened, all of them with their rules, and what was promised. */
export function ClocksButton({ row, onPromise }: Props) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      open={isOpen}
      onOpenChange={setOpen}
      content={
        <div className={css.list}>
          <h3 className={css.title}>{t('clockList.title')}</h3>
          {isOpen && <ClockEntries row={row} />}
          {onPromise && (
            <Button
              type="text"
              size="small"
              icon={<PlusOutlined />}
              onClick={() => {
                setOpen(false)
                onPromise()
              }}
            >
              {t('promise.make')}
            </Button>
          )}
        </div>
      }
    >
      <button type="button" className={`plain ${css.open}`} aria-label={t('clockList.title')}>
        {row.clock ? <ClockChip clock={row.clock} isBare /> : <ClockCircleOutlined className="quiet" />}
      </button>
    </Popover>
  )
}

function ClockEntries({ row }: { row: ConversationRow }) {
  const { t } = useTranslation()
  const { data } = useQuery(conversationClocks(row.id, row.version))
  if (!data) return <Skeleton lines={3} />
  if (data.items.length === 0) return <p className="quiet small">{t('clockList.none')}</p>
  return data.items.map(clock => <ClockEntry key={clock.id} clock={clock} conversationId={row.id} />)
}
