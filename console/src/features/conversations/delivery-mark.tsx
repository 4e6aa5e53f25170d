import { ClockCircleOutlined, ExclamationCircleFilled, QuestionCircleFilled } from '@ant-design/icons'
import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Message } from './api.ts'
import css from './delivery-mark.module.css'

type Props = Pick<NonNullable<Message['delivery']>, 'state' | 'reason'>

export function DeliveryMark({ state, reason }: Props) {
  const { t } = useTranslation()
  const title = t(`delivery.${state}`)
  return (
    <Tooltip title={reason ? `${title} · ${reason}` : title}>
      <span className={`${css.mark} ${css[state]}`} role="img" aria-label={title}>
        {state === 'queued' && <ClockCircleOutlined />}
        {state === 'uncertain' && <QuestionCircleFilled />}
        {state === 'refused' && <ExclamationCircleFilled />}
        {(state === 'sent' || state === 'delivered' || state === 'read') && <Ticks two={state !== 'sent'} />}
        {(state === 'refused' || state === 'uncertain') && <span>{title}</span>}
      </span>
    </Tooltip>
  )
}

function Ticks({ two }: { two: boolean }) {
  return (
    <svg
      viewBox="0 0 18 10"
      width="18"
      height="10"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      aria-hidden
    >
      <path d="m2 5.4 3 3 5.6-6.6" />
      {two && <path d="m8 7.6.8.8 5.6-6.6" />}
    </svg>
  )
}
