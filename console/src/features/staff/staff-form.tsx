import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Popconfirm, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/session.ts'
import { LanguageSelect } from '../../ui/choices.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { storeList } from '../settings/api.ts'
import { roleList, type Staff, teamList, useChangeStaff, useSetDeactivated } from './api.ts'
import { Recovery } from './recovery.tsx'

type Values = Pick<
  Staff,
  'name' | 'roleId' | 'teamIds' | 'storeIds' | 'languages' | 'skills' | 'chatLimit' | 'capacity'
>

export function StaffForm({ person, onClose }: { person: Staff; onClose: () => void }) {
  const { t } = useTranslation()
  const change = useChangeStaff(person.id)
  return (
    <RecordDrawer<Values>
      title={person.name}
      open
      onClose={onClose}
      initial={person}
      save={({ storeIds, ...values }) =>
        change.mutateAsync({ ...values, storeIds: storeIds?.length ? storeIds : null })
      }
      extra={<Deactivation person={person} onDone={onClose} />}
    >
      <Form.Item
        name="name"
        label={t('staff.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input maxLength={100} />
      </Form.Item>
      <Places />
      <Form.Item name="languages" label={t('staff.languages')} extra={t('staff.languagesHint')}>
        <LanguageSelect multiple />
      </Form.Item>
      <Form.Item name="skills" label={t('staff.skills')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，']} />
      </Form.Item>
      <Form.Item name="chatLimit" label={t('staff.chatLimit')} extra={t('staff.chatLimitHint')}>
        <InputNumber min={0} max={100} />
      </Form.Item>
      <Form.Item name="capacity" label={t('staff.capacity')} extra={t('staff.capacityHint')}>
        <InputNumber min={0} max={10_000} step={10} />
      </Form.Item>
      <Recovery person={person} />
    </RecordDrawer>
  )
}

/** Role, teams and stores: asked alike of who is here and of who is invited. */
export function Places() {
  const { t } = useTranslation()
  const roles = useQuery(roleList()).data?.items ?? []
  const teams = useQuery(teamList()).data?.items ?? []
  const stores = useQuery(storeList()).data?.items ?? []
  const named = (all: { id: string; name: string }[]) =>
    all.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <>
      <Form.Item
        name="roleId"
        label={t('staff.role')}
        rules={[{ required: true, message: t('form.required') }]}
      >
        <Select options={roles.map(role => ({ value: role.id, label: role.name }))} />
      </Form.Item>
      <Form.Item name="teamIds" label={t('team.title')}>
        <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={named(teams)} />
      </Form.Item>
      <Form.Item name="storeIds" label={t('store.title')} extra={t('staff.storesHint')}>
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('staff.allStores')}
          options={named(stores)}
        />
      </Form.Item>
    </>
  )
}

function Deactivation({ person, onDone }: { person: Staff; onDone: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const spell = useRefusal()
  const set = useSetDeactivated(person.id)
  const act = (deactivated: boolean) =>
    set.mutate(deactivated, { onSuccess: onDone, onError: error => void message.error(spell(error)) })
  if (person.id === me.id) return null
  if (person.deactivatedAt)
    return (
      <Button loading={set.isPending} onClick={() => act(false)}>
        {t('staff.reactivate')}
      </Button>
    )
  return (
    <Popconfirm
      title={t('staff.deactivateAsk', { name: person.name })}
      okText={t('staff.deactivate')}
      onConfirm={() => act(true)}
    >
      <Button danger loading={set.isPending}>
        {t('staff.deactivate')}
      </Button>
    </Popconfirm>
  )
}
