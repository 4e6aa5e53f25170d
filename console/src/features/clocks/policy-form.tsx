import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Popconfirm, Select, Space } from 'antd'
import { useTranslation } from 'react-i18next'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { storeList } from '../settings/api.ts'
import { type ClockPolicy, useEndPolicy, useSavePolicy } from './api.ts'
import { splitWindow, unitSeconds, type WindowUnit, windowUnits } from './window.ts'

type Values = Pick<ClockPolicy, 'code' | 'name' | 'kind' | 'calendar' | 'source' | 'verifiedAt'> & {
  channelKind: 'web_chat' | 'api' | 'mail'
  storeId?: string | null
  window: { value: number; unit: WindowUnit }
  warnAt: string[]
}

export function PolicyForm({ policy, onClose }: { policy: ClockPolicy | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const save = useSavePolicy(policy?.id)
  const stores = useQuery(storeList()).data?.items ?? []
  const required = [{ required: true, message: t('form.required') }]
  const today = new Date().toISOString().slice(0, 10)
  const fresh: Partial<Values> = {
    kind: 'first_response',
    channelKind: 'web_chat',
    calendar: 'store',
    window: { value: 5, unit: 'minutes' },
    warnAt: ['50', '75', '90'],
    verifiedAt: today,
  }
  const kept = policy && {
    ...policy,
    channelKind: policy.channelKind as 'api',
    window: splitWindow(policy.windowSeconds),
    warnAt: policy.warnAt.map(part => String(Math.round(part * 100))),
    verifiedAt: today,
  }
  return (
    <RecordDrawer<Values>
      title={policy?.name ?? t('clockPolicy.new')}
      open
      onClose={onClose}
      initial={kept ?? fresh}
      extra={policy && <End policy={policy} onDone={onClose} />}
      submit={policy ? t('clockPolicy.begin', { version: policy.version + 1 }) : undefined}
      save={({ window: { value, unit }, warnAt, storeId = null, ...values }) =>
        save.mutateAsync({
          ...values,
          storeId,
          windowSeconds: value * unitSeconds[unit],
          warnAt: warnAt
            .map(Number)
            .sort((a, b) => a - b)
            .map(percent => percent / 100),
        })
      }
    >
      <Form.Item
        name="name"
        label={t('clockPolicy.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input autoFocus maxLength={120} />
      </Form.Item>
      <Form.Item
        name="code"
        label={t('clockPolicy.code')}
        extra={t('clockPolicy.codeHint')}
        rules={[{ required: true, pattern: /^[a-z0-9-]{3,60}$/, message: t('clockPolicy.codeRule') }]}
      >
        <Input disabled={Boolean(policy)} />
      </Form.Item>
      <Form.Item name="kind" label={t('clockPolicy.kind')}>
        <Select
          disabled={Boolean(policy)}
          options={(['first_response', 'next_response', 'resolution'] as const).map(value => ({
            value,
            label: t(`clock.kind.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item label={t('clockPolicy.window')} required>
        <Space.Compact>
          <Form.Item name={['window', 'value']} noStyle rules={required}>
            <InputNumber min={1} />
          </Form.Item>
          <Form.Item name={['window', 'unit']} noStyle>
            <Select options={windowUnits.map(value => ({ value, label: t(`clockPolicy.unit.${value}`) }))} />
          </Form.Item>
        </Space.Compact>
      </Form.Item>
      <Form.Item name="calendar" label={t('clockPolicy.calendar')}>
        <Select
          options={(['store', 'always'] as const).map(value => ({
            value,
            label: t(`clockPolicy.calendarOf.${value}`),
          }))}
        />
      </Form.Item>
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
      <Form.Item name="channelKind" label={t('inbound.channel')}>
        <Select
          disabled={Boolean(policy)}
          options={(['web_chat', 'mail', 'api'] as const).map(value => ({
            value,
            label: t(`channel.kind.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="storeId" label={t('channel.store')}>
        <Select
          allowClear
          disabled={Boolean(policy)}
          placeholder={t('staff.allStores')}
          options={stores.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item
        name="source"
        label={t('clockPolicy.source')}
        extra={t('clockPolicy.sourceHint')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input maxLength={500} />
      </Form.Item>
      <Form.Item name="verifiedAt" label={t('clockPolicy.verifiedAt')} rules={required}>
        <Input type="date" />
      </Form.Item>
    </RecordDrawer>
  )
}

function End({ policy: { id, name }, onDone }: { policy: ClockPolicy; onDone: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const end = useEndPolicy()
  const act = () => end.mutate(id, { onSuccess: onDone, onError: error => void message.error(spell(error)) })
  return (
    <Popconfirm title={t('clockPolicy.endAsk', { name })} okText={t('clockPolicy.end')} onConfirm={act}>
      <Button loading={end.isPending}>{t('clockPolicy.end')}</Button>
    </Popconfirm>
  )
}
