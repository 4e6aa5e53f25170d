import { useNavigate } from '@tanstack/react-router'
import { App } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { onEvent } from '../../api/realtime.ts'
import { useMay } from '../../api/session.ts'

/** Tells whoever manages flows that one was stopped, wherever he is. */
export function useSuspensions() {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  const navigate = useNavigate()
  const mayManage = useMay()('flows:manage')
  useEffect(
    () =>
      onEvent(({ name }) => {
        if (name !== 'flow.suspended' || !mayManage) return
        notification.error({
          key: 'flow.suspended',
          title: t('flows.noticeSuspended'),
          duration: 0,
          onClick: () => {
            notification.destroy('flow.suspended')
            navigate({ to: '/settings/flows' })
          },
        })
      }),
    [t, notification, navigate, mayManage],
  )
}
