import { DownOutlined, UpOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { Priority } from './api.ts'
import css from './priority-mark.module.css'

export function PriorityMark({ priority }: { priority: Priority }) {
  const { t } = useTranslation()
  if (priority === 'normal') return null
  const title = `${t('conversation.priority')}: ${t(`priority.${priority}`)}`
  if (priority === 'low') return <DownOutlined className={css.low} title={title} />
  return <UpOutlined className={css[priority]} title={title} />
}
