import { useQuery } from '@tanstack/react-query'
import { App, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRefusal } from '../../../ui/refusal.ts'
import { company } from '../../settings/api.ts'
import type { ConversationRow } from '../api.ts'
import { useSetReason } from './api.ts'
import { ReasonSelect } from './reason-select.tsx'

type Then = (version: number) => void

/**
 * Where the company wants a reason before a conversation is resolved, it is asked for on the spot; what was meant to
 * be done follows with the version that giving it left.
 */
export function useReasonFirst(row: ConversationRow): {
  reasonFirst: (then: Then) => void
  dialog: ReactNode
} {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const isRequired = useQuery(company()).data?.requiresReason === true
  const set = useSetReason(row.id)
  const [asked, setAsked] = useState<{ then: Then } | null>(null)
  const [reason, setReason] = useState<string | null>(null)
  const reasonFirst = (then: Then) => (isRequired && !row.reason ? setAsked({ then }) : then(row.version))

  function give() {
    if (!reason || !asked) return
    set.mutate(reason, {
      onSuccess: ({ version }) => {
        setAsked(null)
        asked.then(version)
      },
      onError: error => void message.error(spell(error)),
    })
  }

  const dialog = asked && (
    <Modal
      open
      width={420}
      title={t('reason.ask')}
      okText={t('reason.askOk')}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: !reason, loading: set.isPending }}
      onOk={give}
      onCancel={() => setAsked(null)}
    >
      <p className="quiet small">{t('reason.askWhy')}</p>
      <ReasonSelect value={reason} onChange={setReason} autoFocus />
    </Modal>
  )
  return { reasonFirst, dialog }
}
