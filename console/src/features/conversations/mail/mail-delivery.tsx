import { App, Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import { useRefusal } from '../../../ui/refusal.ts'
import type { Message } from '../api.ts'
import { DeliveryMark } from '../delivery-mark.tsx'
import line from '../message-line.module.css'
import css from './mail-delivery.module.css'
import { useSendAgain } from './sending-again.ts'

type Props = { message: Message; delivery: NonNullable<Message['delivery']> }

/** How a mail of ours fares. What nobody knows is said so, and is sent again only by a person's word. */
export function MailDelivery({ message, delivery }: Props) {
  const { t } = useTranslation()
  const why = useWhy()
  const may = useMay()
  const { state, reason } = delivery
  const isOpen = state === 'uncertain' || state === 'refused'
  return (
    <footer className={`${line.foot} ${css.foot}`}>
      {/* Taken by a mail server is not yet in the customer's mailbox; nobody tells us that. */}
      <DeliveryMark state={state === 'delivered' ? 'sent' : state} reason={null} />
      {state === 'uncertain' && <span className={css.about}>{t('mail.uncertain')}</span>}
      {state === 'refused' && reason && (
        <span className={css.about} title={reason}>
          {why(reason)}
        </span>
      )}
      {isOpen && delivery.id && !reason?.startsWith('bounced_') && may('channels:manage') && (
        <SendAgain messageId={message.id} deliveryId={delivery.id} isUncertain={state === 'uncertain'} />
      )}
    </footer>
  )
}

type Again = { messageId: string; deliveryId: string; isUncertain: boolean }

function SendAgain({ messageId, deliveryId, isUncertain }: Again) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const again = useSendAgain()
  const act = () =>
    again.mutate({ messageId, deliveryId }, { onError: error => void message.error(spell(error)) })
  const button = (onClick?: () => void) => (
    <Button type="link" size="small" className={css.again} loading={again.isPending} onClick={onClick}>
      {t('deliveries.replay')}
    </Button>
  )
  if (!isUncertain) return button(act)
  return (
    <Popconfirm title={t('deliveries.uncertainAsk')} okText={t('deliveries.replay')} onConfirm={act}>
      {button()}
    </Popconfirm>
  )
}

/** A bounce has a word of ours; what a server answered stands as it said it. */
export function useWhy() {
  const { t } = useTranslation()
  return (reason: string) => {
    const word = reason.replace(/^bounced_/, '')
    return t(`mail.reason.${word as 'user_unknown'}`, {
      defaultValue: reason.startsWith('bounced_') ? t('mail.reason.undefined') : reason,
    })
  }
}
