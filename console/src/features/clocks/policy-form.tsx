import { useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input, InputNumber, Popconfirm, Select, Space } from 'antd'
import { useTranslation } from 'react-i18next'
import { CountrySelect, ZoneSelect } from '../../ui/choices.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { calendarList, storeList } from '../settings/api.ts'
import { type ClockPolicy, useEndPolicy, useSavePolicy } from './api.ts'
import css from './clocks.module.css'
import { EscalationFields } from './escalation-fields.tsx'
import { marketplaces, otherChannels, ownKinds, useNameOfChannel, useNameOfPolicy } from './naming.ts'
import { freshPolicy, type PolicyValues, policyOf, valuesOf } from './policy-values.ts'
import { windowUnits } from './window.ts'

const triggersOf = {
  first_response: ['oldest_unanswered_message', 'first_message_of_thread'],
  next_response: ['oldest_unanswered_message'],
  resolution: ['opened'],
  update: ['opened'],
  promise: ['promised'],
} as const
const kinds = Object.keys(triggersOf) as (keyof typeof triggersOf)[]

export function PolicyForm({ policy, onClose }: { policy: ClockPolicy | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const nameOf = useNameOfPolicy()
  const save = useSavePolicy(policy?.id)
  const [form] = Form.useForm<PolicyValues>()
  const today = new Date().toISOString().slice(0, 10)
  return (
    <RecordDrawer<PolicyValues>
      title={policy ? nameOf(policy) : t('clockPolicy.new')}
      open
      width={600}
      form={form}
      onClose={onClose}
      initial={policy ? valuesOf(policy, today) : freshPolicy(today)}
      extra={policy && <End policy={policy} onDone={onClose} />}
      submit={policy ? t('clockPolicy.begin', { version: policy.version + 1 }) : undefined}
      save={values => save.mutateAsync(policyOf(values, policy))}
    >
      {policy?.neverOpens && (
        <Alert className={css.banner} type="warning" showIcon title={t('clockPolicy.neverOpens')} />
      )}
      <Identity
        isFixed={Boolean(policy)}
        onKind={kind => form.setFieldValue('trigger', triggersOf[kind][0])}
      />
      <Span />
      <Ends />
      <EscalationFields />
      <Origin />
    </RecordDrawer>
  )
}

function Identity({
  isFixed,
  onKind,
}: {
  isFixed: boolean
  onKind: (kind: keyof typeof triggersOf) => void
}) {
  const { t } = useTranslation()
  const nameOfChannel = useNameOfChannel()
  const stores = useQuery(storeList()).data?.items ?? []
  const required = [{ required: true, message: t('form.required') }]
  const named = (list: readonly ClockPolicy['channel'][]) =>
    list.map(value => ({ value, label: nameOfChannel(value) }))
  return (
    <>
      <div className={css.pair}>
        <Form.Item name={['names', 'zh']} label={t('clockPolicy.nameZh')}>
          <Input maxLength={120} />
        </Form.Item>
        <Form.Item
          name={['names', 'en']}
          label={t('clockPolicy.nameEn')}
          dependencies={[['names', 'zh']]}
          rules={[
            ({ getFieldValue }) => ({
              required: !getFieldValue(['names', 'zh']),
              message: t('form.required'),
            }),
          ]}
        >
          <Input maxLength={120} />
        </Form.Item>
      </div>
      <div className={css.pair}>
        <Form.Item name="kind" label={t('clockPolicy.kind')}>
          <Select
            disabled={isFixed}
            onChange={onKind}
            options={kinds.map(value => ({ value, label: t(`clock.kind.${value}`) }))}
          />
        </Form.Item>
        <Form.Item
          name="code"
          label={t('clockPolicy.code')}
          extra={t('clockPolicy.codeHint')}
          rules={[...required, { pattern: /^[a-z0-9-]{3,60}$/, message: t('clockPolicy.codeRule') }]}
        >
          <Input disabled={isFixed} />
        </Form.Item>
      </div>
      <div className={css.pair}>
        <Form.Item name="channel" label={t('clockPolicy.channel')}>
          <Select
            disabled={isFixed}
            showSearch={{ optionFilterProp: 'label' }}
            options={named([...ownKinds, ...otherChannels, ...marketplaces])}
          />
        </Form.Item>
        <Form.Item name="storeId" label={t('channel.store')}>
          <Select
            allowClear
            disabled={isFixed}
            placeholder={t('staff.allStores')}
            options={stores.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
      </div>
      <Form.Item name="sites" label={t('clockPolicy.sites')}>
        <CountrySelect multiple disabled={isFixed} />
      </Form.Item>
    </>
  )
}

/** How long, from when, and in which time it counts. */
function Span() {
  const { t } = useTranslation()
  const calendars = useQuery(calendarList()).data?.items ?? []
  const kind = Form.useWatch<PolicyValues['kind'] | undefined>('kind') ?? 'first_response'
  const unit = Form.useWatch<string | undefined>(['window', 'unit'])
  const calendar = Form.useWatch<string | undefined>('calendar')
  const calendarId = Form.useWatch<string | undefined>('calendarId')
  const required = [{ required: true, message: t('form.required') }]
  return (
    <>
      <div className={css.pair}>
        {kind !== 'promise' && (
          <Form.Item label={t('clockPolicy.window')} required>
            <Space.Compact>
              <Form.Item name={['window', 'value']} noStyle rules={required}>
                <InputNumber min={1} />
              </Form.Item>
              <Form.Item name={['window', 'unit']} noStyle rules={required}>
                <Select
                  popupMatchSelectWidth={false}
                  style={{ minWidth: 120 }}
                  options={windowUnits.map(value => ({ value, label: t(`clockPolicy.unit.${value}`) }))}
                />
              </Form.Item>
            </Space.Compact>
          </Form.Item>
        )}
        {unit === 'ring' && (
          <Form.Item
            name={['window', 'ringSeconds']}
            label={t('clockPolicy.ringSeconds')}
            extra={t('clockPolicy.ringHint')}
            rules={required}
          >
            <InputNumber min={1} max={30} />
          </Form.Item>
        )}
        <Form.Item name="trigger" label={t('clockPolicy.trigger')}>
          <Select
            options={triggersOf[kind].map(value => ({ value, label: t(`clockPolicy.triggerOf.${value}`) }))}
          />
        </Form.Item>
      </div>
      <Form.Item name="calendar" label={t('clockPolicy.calendar')}>
        <Select
          options={(['store', 'always', 'own'] as const).map(value => ({
            value,
            label: t(`clockPolicy.calendarOf.${value}`),
          }))}
        />
      </Form.Item>
      {calendar === 'own' && (
        <div className={css.pair}>
          <Form.Item name="calendarId" label={t('clockPolicy.ownCalendar')}>
            <Select allowClear options={calendars.map(({ id, name }) => ({ value: id, label: name }))} />
          </Form.Item>
          {!calendarId && (
            <Form.Item name="country" label={t('clockPolicy.orCountry')}>
              <CountrySelect />
            </Form.Item>
          )}
        </div>
      )}
      <div className={css.pair}>
        <Form.Item name="zone" label={t('clockPolicy.zone')}>
          <ZoneSelect allowClear />
        </Form.Item>
        <Form.Item
          name="weekendDueAt"
          label={t('clockPolicy.weekendDueAt')}
          extra={t('clockPolicy.weekendHint')}
          rules={[{ pattern: /^([01]\d|2[0-3]):[0-5]\d$/, message: t('clockPolicy.timeRule') }]}
        >
          <Input maxLength={5} style={{ width: 96 }} />
        </Form.Item>
      </div>
    </>
  )
}

/** What ends it, what halts it, and what follows when it is over. */
function Ends() {
  const { t } = useTranslation()
  const pausesOn = Form.useWatch<string[] | undefined>('pausesOn') ?? []
  return (
    <>
      <Form.Item name="stopsOn" label={t('clockPolicy.stopsOn')}>
        <Select
          mode="multiple"
          options={(['human_reply', 'any_reply', 'resolving_reply', 'mark_spam', 'resolved'] as const).map(
            value => ({ value, label: t(`clockPolicy.stopOf.${value}`) }),
          )}
        />
      </Form.Item>
      <Form.Item name="pausesOn" label={t('clockPolicy.pausesOn')}>
        <Select
          mode="multiple"
          placeholder={t('clockPolicy.never')}
          options={(['customer', 'carrier', 'supplier', 'bank'] as const).map(value => ({
            value,
            label: t(`clockPolicy.pauseOf.${value}`),
          }))}
        />
      </Form.Item>
      {pausesOn.length > 0 && (
        <Form.Item name="pauseCapHours" label={t('clockPolicy.pauseCap')}>
          <InputNumber min={1} max={8_760} />
        </Form.Item>
      )}
      <Form.Item
        name="warnAt"
        label={t('clockPolicy.warnAt')}
        rules={[
          {
            validator: (_, parts: string[]) =>
              parts.every(part => Number(part) > 0 && Number(part) < 100)
                ? Promise.resolve()
                : Promise.reject(new Error(t('clockPolicy.warnRule'))),
          },
        ]}
      >
        <Select
          mode="tags"
          open={false}
          suffixIcon={t('clockPolicy.percentSign')}
          tokenSeparators={[' ', ',']}
        />
      </Form.Item>
      <div className={css.pair}>
        <Form.Item name="onExpiry" label={t('clockPolicy.onExpiry')}>
          <Select
            options={(
              ['metric_miss', 'escalatable', 'auto_refund', 'auto_approve', 'auto_lose'] as const
            ).map(value => ({ value, label: t(`clockPolicy.expiryOf.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="severity" label={t('clockPolicy.severity')}>
          <Select
            options={([1, 2, 3] as const).map(value => ({
              value,
              label: t(`clockPolicy.severityOf.s${value}`),
            }))}
          />
        </Form.Item>
      </div>
    </>
  )
}

/** What is asked for, by whom, and when somebody last looked. */
function Origin() {
  const { t } = useTranslation()
  const required = [{ required: true, whitespace: true, message: t('form.required') }]
  return (
    <>
      <div className={css.pair}>
        <Form.Item name={['target', 'percent']} label={t('clockPolicy.target')}>
          <InputNumber min={0} max={100} />
        </Form.Item>
        <Form.Item name={['target', 'lookbackDays']} label={t('clockPolicy.lookback')}>
          <InputNumber min={1} max={730} />
        </Form.Item>
      </div>
      <Form.Item
        name="source"
        label={t('clockPolicy.source')}
        extra={t('clockPolicy.sourceHint')}
        rules={required}
      >
        <Input.TextArea autoSize maxLength={500} />
      </Form.Item>
      <div className={css.pair}>
        <Form.Item
          name="sourceUrl"
          label={t('clockPolicy.sourceUrl')}
          rules={[{ type: 'url', message: t('channel.urlRule') }]}
        >
          <Input type="url" maxLength={500} />
        </Form.Item>
        <Form.Item
          name="verifiedAt"
          label={t('clockPolicy.verifiedAt')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Input type="date" />
        </Form.Item>
      </div>
    </>
  )
}

function End({ policy, onDone }: { policy: ClockPolicy; onDone: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const nameOf = useNameOfPolicy()
  const end = useEndPolicy()
  const act = () =>
    end.mutate(policy.id, { onSuccess: onDone, onError: error => void message.error(spell(error)) })
  return (
    <Popconfirm
      title={t('clockPolicy.endAsk', { name: nameOf(policy) })}
      okText={t('clockPolicy.end')}
      onConfirm={act}
    >
      <Button loading={end.isPending}>{t('clockPolicy.end')}</Button>
    </Popconfirm>
  )
}
