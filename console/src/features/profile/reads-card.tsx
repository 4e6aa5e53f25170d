import { App, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { useChangeMe, useMe } from '../../api/session.ts'
import { LanguageSelect } from '../../ui/choices.tsx'
import { Card } from '../../ui/page.tsx'
import { RecordForm } from '../../ui/record-form.tsx'

/** What one understands is not translated. */
export function ReadsCard() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const changeMe = useChangeMe()
  return (
    <Card title={t('translation.reads')}>
      <RecordForm<{ reads: string[] }>
        initial={{ reads: me.reads.filter(language => language !== me.locale) }}
        save={({ reads }) => changeMe.mutateAsync({ reads })}
        onSaved={() => void message.success(t('action.saved'))}
      >
        <Form.Item name="reads" extra={t('translation.readsHint')}>
          <LanguageSelect multiple allowClear aria-label={t('translation.reads')} />
        </Form.Item>
      </RecordForm>
    </Card>
  )
}
