import { Form, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { GrowingArea } from '../../../ui/growing-area.tsx'
import { useTeams } from '../../staff/api.ts'
import css from '../channels.module.css'

/** How mail is worked on, once it is here. */
export function AnsweringFields() {
  const { t } = useTranslation()
  const teams = useTeams() ?? []
  return (
    <>
      <h3 className={css.section}>{t('mailbox.answering')}</h3>
      <Form.Item name="signature" label={t('mailbox.signature')} extra={t('mailbox.signatureHint')}>
        <GrowingArea minRows={2} maxRows={8} maxLength={5_000} dir="auto" />
      </Form.Item>
      <div className={css.pair}>
        <Form.Item name="teamId" label={t('mailbox.team')}>
          <Select
            allowClear
            placeholder={t('mailbox.noTeam')}
            options={teams.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
        <Form.Item name="undoSeconds" label={t('mailbox.undoSeconds')} extra={t('mailbox.undoHint')}>
          <InputNumber min={0} max={60} suffix={t('channel.seconds')} />
        </Form.Item>
        <Form.Item name="reopenDays" label={t('channel.reopenDays')} extra={t('channel.reopenHint')}>
          <InputNumber min={0} max={365} suffix={t('mailbox.days')} />
        </Form.Item>
        <Form.Item name="liveDays" label={t('mailbox.liveDays')} extra={t('mailbox.liveHint')}>
          <InputNumber min={0} max={30} suffix={t('mailbox.days')} />
        </Form.Item>
      </div>
      <Form.Item
        name="acknowledge"
        label={t('mailbox.acknowledge')}
        extra={t('mailbox.acknowledgeHint')}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
    </>
  )
}
