import { useQuery } from '@tanstack/react-query'
import { Form, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { Time } from '../../ui/time.tsx'
import { type ChannelWeight, useChangeWeight, weightList } from './api.ts'
import css from './routing.module.css'

const usualCapacity = 150

export function Weights({ mayChange }: { mayChange: boolean }) {
  const { t } = useTranslation()
  const query = useQuery(weightList())
  const [opened, setOpened] = useState<ChannelWeight | null>(null)
  return (
    <>
      <p className={css.about}>{t('queues.weightsAbout')}</p>
      <RecordTable<ChannelWeight>
        label={t('queues.weights')}
        rowKey={({ channelKind }) => channelKind}
        rows={{ ...query, data: query.data?.items }}
        onOpen={mayChange ? setOpened : undefined}
        empty={{ title: t('queues.none') }}
        columns={[
          {
            key: 'kind',
            title: t('queues.channel'),
            render: ({ channelKind }) => t(`queues.kind.${channelKind}`),
          },
          { key: 'units', title: t('queues.units'), align: 'right', render: ({ units }) => units },
          {
            key: 'fit',
            title: t('queues.fit'),
            align: 'right',
            render: ({ units }) => (units === 0 ? '∞' : Math.floor(usualCapacity / units)),
          },
          {
            key: 'since',
            title: t('queues.since'),
            render: ({ effectiveFrom }) =>
              Date.parse(effectiveFrom) > 0 ? <Time at={effectiveFrom} as="date" /> : t('queues.sinceEver'),
          },
        ]}
      />
      {opened && <WeightForm weight={opened} onClose={() => setOpened(null)} />}
    </>
  )
}

function WeightForm({ weight, onClose }: { weight: ChannelWeight; onClose: () => void }) {
  const { t } = useTranslation()
  const change = useChangeWeight()
  const required = [{ required: true, message: t('form.required') }]
  return (
    <RecordDrawer<Pick<ChannelWeight, 'units' | 'source'>>
      title={t(`queues.kind.${weight.channelKind}`)}
      open
      onClose={onClose}
      initial={weight}
      save={values => change.mutateAsync({ ...values, channelKind: weight.channelKind })}
    >
      <Form.Item name="units" label={t('queues.units')} rules={required}>
        <InputNumber min={0} max={1_000} />
      </Form.Item>
      <Form.Item name="source" label={t('queues.source')} rules={required}>
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2 }} />
      </Form.Item>
    </RecordDrawer>
  )
}
