import { useQuery } from '@tanstack/react-query'
import { Form, Input, InputNumber, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LanguageSelect } from '../../ui/choices.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { storeList } from '../settings/api.ts'
import { useStaff, useTeams } from '../staff/api.ts'
import type { QueueTerms } from './api.ts'
import css from './routing.module.css'

const fresh: QueueTerms = {
  name: '',
  channelKinds: ['web_chat'],
  storeIds: [],
  languages: [],
  reasons: [],
  customerTags: [],
  vipTags: [],
  teamIds: [],
  staffIds: [],
  skills: [],
  strategy: 'least_loaded',
  pushes: true,
  stickyHours: null,
  stickyWaitSeconds: 0,
  overflowSeconds: null,
  overflowQueueId: null,
  outOfHours: 'keep_waiting',
  outOfHoursQueueId: null,
  wrapUpSeconds: 0,
}

type Props = {
  title: string
  queue: (Omit<QueueTerms, 'channelKinds'> & { channelKinds: string[] }) | undefined
  others: { id: string; name: string }[]
  save: (values: QueueTerms) => Promise<unknown>
  onClose: () => void
  submit?: string
  extra?: ReactNode
}

export function QueueForm({ title, queue, others, save, onClose, submit, extra }: Props) {
  const { t } = useTranslation()
  const stores = useQuery(storeList()).data?.items ?? []
  const teams = useTeams() ?? []
  const staff = useStaff()?.filter(({ deactivatedAt }) => !deactivatedAt) ?? []
  const initial = queue ? termsOf(queue) : fresh
  return (
    <RecordDrawer<QueueTerms>
      title={title}
      width={600}
      open
      onClose={onClose}
      initial={initial}
      submit={submit}
      extra={extra}
      save={values => save(complete({ ...initial, ...values }))}
    >
      <Form.Item
        name="name"
        label={t('queues.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input autoFocus={!queue} maxLength={80} />
      </Form.Item>

      <Part title={t('queues.terms')} about={t('queues.termsHint')}>
        <div className={css.pair}>
          <Many
            name="channelKinds"
            label={t('queues.channelKinds')}
            options={(['web_chat', 'mail', 'api'] as const).map(value => ({
              value,
              label: t(`channel.kind.${value}`),
            }))}
          />
          <Many name="storeIds" label={t('queues.stores')} options={named(stores)} />
        </div>
        <div className={css.pair}>
          <Form.Item name="languages" label={t('queues.languages')}>
            <LanguageSelect multiple placeholder={t('queues.any')} />
          </Form.Item>
          <Words name="reasons" label={t('queues.reasons')} />
        </div>
        <Words name="customerTags" label={t('queues.customerTags')} />
        <Words name="vipTags" label={t('queues.vipTags')} hint={t('queues.vipHint')} placeholder="" />
      </Part>

      <Part title={t('queues.people')} about={t('queues.peopleHint')}>
        <div className={css.pair}>
          <Many name="teamIds" label={t('queues.teams')} options={named(teams)} />
          <Many name="staffIds" label={t('queues.staff')} options={named(staff)} />
        </div>
        <Words name="skills" label={t('queues.skills')} placeholder="" />
      </Part>

      <Part title={t('queues.how')}>
        <Form.Item
          name="pushes"
          label={t('queues.pushes')}
          valuePropName="checked"
          extra={t('queues.pushesHint')}
        >
          <Switch />
        </Form.Item>
        <Form.Item name="strategy" label={t('queues.strategy')}>
          <Select
            options={(['least_loaded', 'longest_idle', 'skill_first'] as const).map(value => ({
              value,
              label: t(`queues.strategyOf.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="wrapUpSeconds" label={t('queues.wrapUp')} extra={t('queues.wrapUpHint')}>
          <InputNumber className={css.number} min={0} max={3_600} suffix={t('queues.secondsUnit')} />
        </Form.Item>
      </Part>

      <Part title={t('queues.sticky')}>
        <div className={css.pair}>
          <Form.Item name="stickyHours" label={t('queues.stickyHours')}>
            <InputNumber
              className={css.number}
              min={1}
              max={8_760}
              placeholder={t('queues.off')}
              suffix={t('queues.hoursUnit')}
            />
          </Form.Item>
          <Form.Item name="stickyWaitSeconds" label={t('queues.stickyWait')}>
            <InputNumber className={css.number} min={0} max={3_600} suffix={t('queues.secondsUnit')} />
          </Form.Item>
        </div>
      </Part>

      <Part title={t('queues.overflow')}>
        <div className={css.pair}>
          <Form.Item name="overflowSeconds" label={t('queues.overflowAfter')}>
            <InputNumber
              className={css.number}
              min={1}
              max={604_800}
              placeholder={t('queues.off')}
              suffix={t('queues.secondsUnit')}
            />
          </Form.Item>
          <One name="overflowQueueId" label={t('queues.overflowTo')} options={named(others)} />
        </div>
      </Part>

      <Part title={t('queues.hours')}>
        <Form.Item name="outOfHours">
          <Select
            aria-label={t('queues.hours')}
            options={(['keep_waiting', 'hold', 'other_queue'] as const).map(value => ({
              value,
              label: t(`queues.hoursOf.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item noStyle dependencies={['outOfHours']}>
          {({ getFieldValue }) =>
            getFieldValue('outOfHours') === 'other_queue' && (
              <One name="outOfHoursQueueId" label={t('queues.overflowTo')} options={named(others)} />
            )
          }
        </Form.Item>
      </Part>
    </RecordDrawer>
  )
}

type Option = { value: string; label: string }
type FieldProps = { name: keyof QueueTerms; label: string; options: Option[] }

const named = (all: { id: string; name: string }[]) => all.map(({ id, name }) => ({ value: id, label: name }))

function Part({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  return (
    <fieldset className={css.part}>
      <legend>{title}</legend>
      {about && <p className="quiet small">{about}</p>}
      {children}
    </fieldset>
  )
}

function Many({ name, label, options }: FieldProps) {
  const { t } = useTranslation()
  return (
    <Form.Item name={name} label={label}>
      <Select
        mode="multiple"
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('queues.any')}
        options={options}
      />
    </Form.Item>
  )
}

function One({ name, label, options }: FieldProps) {
  const { t } = useTranslation()
  return (
    <Form.Item name={name} label={label}>
      <Select allowClear placeholder={t('queues.off')} options={options} />
    </Form.Item>
  )
}

function Words({
  name,
  label,
  hint,
  placeholder,
}: Omit<FieldProps, 'options'> & { hint?: string; placeholder?: string }) {
  const { t } = useTranslation()
  return (
    <Form.Item name={name} label={label} extra={hint}>
      <Select
        mode="tags"
        open={false}
        suffixIcon={null}
        tokenSeparators={[',', '，']}
        placeholder={placeholder ?? t('queues.any')}
      />
    </Form.Item>
  )
}

const termsOf = (queue: NonNullable<Props['queue']>): QueueTerms =>
  Object.fromEntries(
    Object.keys(fresh).map(key => [key, queue[key as keyof QueueTerms]]),
  ) as unknown as QueueTerms

/** What was emptied is nothing, and a queue named for a path that is not taken is forgotten. */
const complete = (values: QueueTerms): QueueTerms => ({
  ...values,
  stickyHours: values.stickyHours ?? null,
  stickyWaitSeconds: values.stickyWaitSeconds ?? 0,
  wrapUpSeconds: values.wrapUpSeconds ?? 0,
  overflowSeconds: values.overflowSeconds ?? null,
  overflowQueueId: values.overflowQueueId ?? null,
  outOfHoursQueueId: values.outOfHours === 'other_queue' ? (values.outOfHoursQueueId ?? null) : null,
})
