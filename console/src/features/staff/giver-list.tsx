import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { type Giver, giverList, useTryGiver } from './api.ts'
import { GiverForm } from './giver-form.tsx'
import { GiverTrialSteps } from './giver-trial.tsx'

/** Through whom colleagues sign in beside their passwords. Who names one can become anybody: only admins do. */
export function GiverList() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const may = useMay()
  const spell = useRefusal()
  const query = useQuery(giverList())
  const trial = useTryGiver()
  const [opened, setOpened] = useState<Giver | 'new' | null>(null)
  const isAdmin = may('*')
  const tried = query.data?.items.find(({ id }) => id === trial.variables)
  return (
    <Page
      title={t('giver.title')}
      about={t('giver.about')}
      actions={
        isAdmin && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
            {t('giver.new')}
          </Button>
        )
      }
    >
      <RecordTable<Giver>
        label={t('giver.title')}
        rows={{ ...query, data: query.data?.items }}
        onOpen={isAdmin ? setOpened : undefined}
        dim={({ isEnabled }) => !isEnabled}
        empty={{ title: t('giver.none'), text: t('giver.noneText') }}
        columns={[
          {
            key: 'name',
            title: t('giver.name'),
            render: ({ name }) => <span className="strong">{name}</span>,
          },
          {
            key: 'issuer',
            title: t('giver.issuer'),
            render: ({ issuer }) => <span className="mono small">{issuer}</span>,
          },
          { key: 'domains', title: t('giver.domains'), render: ({ domains }) => domains.join(', ') },
          {
            key: 'state',
            title: t('giver.state'),
            render: ({ isEnabled, isOnlyWay }) =>
              t(!isEnabled ? 'giver.off' : isOnlyWay ? 'giver.onlyWay' : 'giver.on'),
          },
          {
            key: 'try',
            title: '',
            align: 'right',
            render: ({ id }) => (
              <Button
                size="small"
                loading={trial.isPending && trial.variables === id}
                onClick={() => trial.mutate(id, { onError: error => void message.error(spell(error)) })}
              >
                {t('giver.try')}
              </Button>
            ),
          },
        ]}
      />
      {opened && <GiverForm giver={opened === 'new' ? undefined : opened} onClose={() => setOpened(null)} />}
      <Modal
        open={trial.data !== undefined}
        title={t('giver.tried', { name: tried?.name ?? '' })}
        footer={null}
        onCancel={trial.reset}
        width={560}
      >
        {trial.data && <GiverTrialSteps trial={trial.data} />}
      </Modal>
    </Page>
  )
}
