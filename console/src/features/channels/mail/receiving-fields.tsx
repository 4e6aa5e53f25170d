import { Form, Input, InputNumber, Radio, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import css from '../channels.module.css'
import { ServerFields } from './server-fields.tsx'
import { endings, type Values } from './settings.ts'

export function ReceivingFields() {
  const { t } = useTranslation()
  const form = Form.useFormInstance<Values>()
  const isFetched = Form.useWatch('receives', form) === 'imap'
  const afterwards = Form.useWatch('afterwards', form)
  return (
    <>
      <h3 className={css.section}>{t('mailbox.receiving')}</h3>
      <Form.Item name="receives">
        <Radio.Group
          options={(['imap', 'forwarding'] as const).map(value => ({
            value,
            label: t(`mailbox.receives.${value}`),
          }))}
        />
      </Form.Item>
      {/* Hidden, not taken away: what was typed is there again when somebody changes his mind. */}
      <div hidden={!isFetched}>
        <ServerFields of="imap" />
        <div className={css.pair}>
          <Form.Item name={['imap', 'folder']} label={t('mailbox.folder')}>
            <Input maxLength={500} />
          </Form.Item>
          <Form.Item name="historyDays" label={t('mailbox.historyDays')} extra={t('mailbox.historyHint')}>
            <InputNumber min={0} max={3_650} suffix={t('mailbox.days')} />
          </Form.Item>
          <Form.Item name="afterwards" label={t('mailbox.afterwards')} extra={t('mailbox.afterwardsHint')}>
            <Select options={endings.map(value => ({ value, label: t(`mailbox.afterwardsOf.${value}`) }))} />
          </Form.Item>
          {afterwards === 'move' && (
            <Form.Item
              name="moveTo"
              label={t('mailbox.moveTo')}
              rules={[{ required: true, whitespace: true, message: t('form.required') }]}
            >
              <Input maxLength={500} />
            </Form.Item>
          )}
        </div>
      </div>
      {!isFetched && <p className={`quiet small ${css.gap}`}>{t('mailbox.forwardingAbout')}</p>}
      <Form.Item
        name="trustedServers"
        label={t('mailbox.trustedServers')}
        extra={t('mailbox.trustedServersHint')}
      >
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[' ', ',']} />
      </Form.Item>
      <Form.Item
        name="plusAddressing"
        label={t('mailbox.plusAddressing')}
        extra={t('mailbox.plusAddressingHint')}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
    </>
  )
}
