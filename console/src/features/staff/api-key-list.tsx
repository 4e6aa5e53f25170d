import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Modal, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Once } from '../../ui/once.tsx'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Time } from '../../ui/time.tsx'
import { type ApiKey, apiKeyList, useRevokeApiKey } from './api.ts'
import { ApiKeyForm } from './api-key-form.tsx'
import { ApiKeyRotation } from './api-key-rotation.tsx'
import css from './staff.module.css'

export function ApiKeyList() {
  const { t } = useTranslation()
  const query = useQuery(apiKeyList())
  const [isMaking, setMaking] = useState(false)
  const [rotated, setRotated] = useState<ApiKey | null>(null)
  const [made, setMade] = useState<string | null>(null)
  return (
    <Page
      width="wide"
      title={t('apiKey.title')}
      about={t('apiKey.about')}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
          {t('apiKey.new')}
        </Button>
      }
    >
      <RecordTable<ApiKey>
        label={t('apiKey.title')}
        rows={{ ...query, data: query.data?.items }}
        empty={{ title: t('apiKey.none'), text: t('apiKey.noneText') }}
        columns={[
          {
            key: 'name',
            title: t('apiKey.name'),
            render: ({ name }) => <span className="strong">{name}</span>,
          },
          {
            key: 'prefix',
            title: t('apiKey.prefix'),
            render: ({ prefix }) => <span className="mono">{prefix}…</span>,
          },
          { key: 'role', title: t('staff.role'), render: key => <Scope of={key} /> },
          {
            key: 'networks',
            title: t('keyScope.networks'),
            render: ({ networks }) =>
              networks.length > 0 ? (
                <span className="mono small">{networks.join(', ')}</span>
              ) : (
                <span className="quiet">{t('keyScope.networksAll')}</span>
              ),
          },
          { key: 'created', title: t('apiKey.created'), render: key => <Life of={key} /> },
          {
            key: 'used',
            title: t('apiKey.lastUsed'),
            render: ({ lastUsedAt, lastUsedIp }) =>
              lastUsedAt ? (
                <>
                  <Time at={lastUsedAt} />
                  {lastUsedIp && (
                    <span className={css.code}>{t('keyScope.lastFrom', { ip: lastUsedIp })}</span>
                  )}
                </>
              ) : (
                <span className="quiet">{t('apiKey.neverUsed')}</span>
              ),
          },
          {
            key: 'acts',
            title: '',
            align: 'right',
            render: key => (
              <>
                <Button size="small" type="text" onClick={() => setRotated(key)}>
                  {t('keyScope.rotate')}
                </Button>
                <Revocation of={key} />
              </>
            ),
          },
        ]}
      />
      <ApiKeyForm open={isMaking} onClose={() => setMaking(false)} onMade={setMade} />
      {rotated && <ApiKeyRotation of={rotated} onClose={() => setRotated(null)} onMade={setMade} />}
      <Modal
        open={made !== null}
        title={t('apiKey.made')}
        footer={null}
        mask={{ closable: false }}
        onCancel={() => setMade(null)}
        width={600}
        destroyOnHidden
      >
        {made && <Once secret={made} about={t('apiKey.madeAbout')} />}
      </Modal>
    </Page>
  )
}

function Scope({ of: { roleName, permissions } }: { of: ApiKey }) {
  const { t } = useTranslation()
  if (!permissions) return roleName
  return (
    <>
      {roleName}
      <span className={css.code} title={permissions.join('\n')}>
        {t('keyScope.permissionsCount', { count: permissions.length })}
      </span>
    </>
  )
}

function Life({ of: { createdAt, expiresAt, previousUntil } }: { of: ApiKey }) {
  const { t } = useTranslation()
  const isOverlapping = previousUntil && new Date(previousUntil) > new Date()
  return (
    <>
      <Time at={createdAt} as="date" />
      {expiresAt && (
        <span className={css.code}>
          {t('keyScope.expires')} <Time at={expiresAt} as="date" />
        </span>
      )}
      {isOverlapping && (
        <span className={css.code}>
          {t('keyScope.previousUntil')} <Time at={previousUntil} as="moment" />
        </span>
      )}
    </>
  )
}

function Revocation({ of: { id, name } }: { of: ApiKey }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const revoke = useRevokeApiKey()
  return (
    <Popconfirm
      title={t('apiKey.revokeAsk', { name })}
      okText={t('apiKey.revoke')}
      onConfirm={() => revoke.mutate(id, { onError: error => void message.error(spell(error)) })}
    >
      <Button size="small" type="text" danger>
        {t('apiKey.revoke')}
      </Button>
    </Popconfirm>
  )
}
