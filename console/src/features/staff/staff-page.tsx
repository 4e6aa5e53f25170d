import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { LanguageTag } from '../../ui/language-tag.tsx'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { Time } from '../../ui/time.tsx'
import { storeList } from '../settings/api.ts'
import { type Staff, staffList, teamList } from './api.ts'
import { InvitationList, InviteForm } from './invitations.tsx'
import css from './staff.module.css'
import { StaffForm } from './staff-form.tsx'

export function StaffPage() {
  const { t } = useTranslation()
  const may = useMay()
  const query = useQuery(staffList())
  const teams = useQuery(teamList()).data?.items
  const stores = useQuery(storeList()).data?.items
  const [opened, setOpened] = useState<Staff | null>(null)
  const [isInviting, setInviting] = useState(false)
  const mayManage = may('staff:manage')
  const namesOf = (ids: string[], all: { id: string; name: string }[] | undefined) =>
    all
      ?.filter(({ id }) => ids.includes(id))
      .map(({ name }) => name)
      .join(', ')

  return (
    <Page
      width="wide"
      title={t('staff.title')}
      about={t('staff.about')}
      actions={
        mayManage && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setInviting(true)}>
            {t('staff.invite')}
          </Button>
        )
      }
    >
      {mayManage && <InvitationList />}
      <RecordTable<Staff>
        label={t('staff.title')}
        rows={{ ...query, data: query.data?.items }}
        onOpen={mayManage ? setOpened : undefined}
        dim={({ deactivatedAt }) => deactivatedAt !== null}
        empty={{ title: t('staff.none') }}
        columns={[
          {
            key: 'name',
            title: t('staff.name'),
            render: person => (
              <span className={css.person}>
                <Avatar
                  name={person.name}
                  size={32}
                  tone="staff"
                  state={person.deactivatedAt ? undefined : person.availability.state}
                />
                <span>
                  <span className="strong">{person.name}</span>
                  <span className={css.email}>{person.email}</span>
                </span>
              </span>
            ),
          },
          { key: 'role', title: t('staff.role'), render: ({ roleName }) => roleName },
          { key: 'teams', title: t('team.title'), render: ({ teamIds }) => namesOf(teamIds, teams) },
          {
            key: 'stores',
            title: t('store.title'),
            render: ({ storeIds }) => (storeIds ? namesOf(storeIds, stores) : t('staff.allStores')),
          },
          {
            key: 'languages',
            title: t('staff.languages'),
            render: ({ languages }) => (
              <span className="row">
                {languages.map(code => (
                  <LanguageTag key={code} code={code} />
                ))}
              </span>
            ),
          },
          { key: 'limit', title: t('staff.chatLimit'), align: 'right', render: ({ chatLimit }) => chatLimit },
          {
            key: 'state',
            title: t('staff.state'),
            render: ({ deactivatedAt, availability, lastSeenAt }) =>
              deactivatedAt ? (
                t('staff.deactivated')
              ) : (
                <span className={css.state}>
                  {t(`availability.${availability.state}`)}
                  {availability.state !== 'online' && lastSeenAt && (
                    <span className="quiet tiny">
                      <Time at={lastSeenAt} />
                    </span>
                  )}
                </span>
              ),
          },
        ]}
      />
      {opened && <StaffForm person={opened} onClose={() => setOpened(null)} />}
      <InviteForm open={isInviting} onClose={() => setInviting(false)} />
    </Page>
  )
}
