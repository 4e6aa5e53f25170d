import { useQuery } from '@tanstack/react-query'
import { App, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { useChangeMe, useMe } from '../../api/session.ts'
import { ZoneSelect } from '../../ui/choices.tsx'
import { Card } from '../../ui/page.tsx'
import { browserZone } from '../../ui/reader-zone.ts'
import { RecordForm } from '../../ui/record-form.tsx'
import { company } from '../settings/api.ts'

/** By whose clock one works. Where nothing is chosen and this machine shows another time, its zone is suggested. */
export function ZoneCard() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const changeMe = useChangeMe()
  const ours = useQuery(company()).data?.zone
  if (!ours) return null
  const here = browserZone()
  const isSuggested = me.zone === null && here !== ours
  return (
    <Card title={t('zone.title')}>
      <RecordForm<{ zone?: string | null }>
        initial={{ zone: me.zone ?? (isSuggested ? here : undefined) }}
        save={({ zone }) => changeMe.mutateAsync({ zone: zone ?? null })}
        onSaved={() => void message.success(t('action.saved'))}
      >
        <Form.Item name="zone" extra={t(isSuggested ? 'zone.suggested' : 'zone.about')}>
          <ZoneSelect
            allowClear
            aria-label={t('zone.title')}
            placeholder={t('zone.company', { zone: ours.replaceAll('_', ' ') })}
          />
        </Form.Item>
      </RecordForm>
    </Card>
  )
}
