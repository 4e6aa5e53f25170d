import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Page } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { RemoveButton } from '../../ui/remove-button.tsx'
import { staffList, type Team, teamList, useRemoveTeam, useSaveTeam } from './api.ts'

export function TeamList() {
  const { t } = useTranslation()
  const may = useMay()
  const query = useQuery(teamList())
  const staff = useQuery(staffList()).data?.items
  const [opened, setOpened] = useState<Team | 'new' | null>(null)
  const mayManage = may('staff:manage')
  return (
    <Page
      title={t('team.title')}
      about={t('team.about')}
      actions={
        mayManage && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
            {t('team.new')}
          </Button>
        )
      }
    >
      <RecordTable<Team>
        label={t('team.title')}
        rows={{ ...query, data: query.data?.items }}
        onOpen={mayManage ? setOpened : undefined}
        empty={{ title: t('team.none') }}
        columns={[
          {
            key: 'name',
            title: t('team.name'),
            width: 240,
            render: ({ name }) => <span className="strong">{name}</span>,
          },
          {
            key: 'members',
            title: t('team.members'),
            render: ({ memberIds }) =>
              staff
                ?.filter(({ id }) => memberIds.includes(id))
                .map(({ name }) => name)
                .join(', ') || t('team.empty'),
          },
        ]}
      />
      {opened && <TeamForm team={opened === 'new' ? undefined : opened} onClose={() => setOpened(null)} />}
    </Page>
  )
}

function TeamForm({ team, onClose }: { team: Team | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const save = useSaveTeam(team?.id)
  const remove = useRemoveTeam()
  const staff = useQuery(staffList()).data?.items ?? []
  return (
    <RecordDrawer<Pick<Team, 'name' | 'memberIds'>>
      title={team?.name ?? t('team.new')}
      open
      onClose={onClose}
      initial={team ?? {}}
      save={({ name, memberIds = [] }) => save.mutateAsync({ name, memberIds })}
      extra={
        team && (
          <RemoveButton
            ask={t('team.removeAsk', { name: team.name })}
            id={team.id}
            remove={remove}
            onDone={onClose}
          />
        )
      }
    >
      <Form.Item
        name="name"
        label={t('team.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input autoFocus maxLength={80} />
      </Form.Item>
      <Form.Item name="memberIds" label={t('team.members')}>
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          options={staff
            .filter(({ deactivatedAt }) => !deactivatedAt)
            .map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
    </RecordDrawer>
  )
}
