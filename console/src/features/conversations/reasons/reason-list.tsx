import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import { Card, Page } from '../../../ui/page.tsx'
import { Failure, Skeleton } from '../../../ui/states.tsx'
import { company, useChangeCompany } from '../../settings/api.ts'
import { type ContactReason, contactReasons, useSpellReason } from './api.ts'
import { ModelCard } from './model-card.tsx'
import { ReasonForm } from './reason-form.tsx'
import css from './reasons.module.css'

export function ReasonList() {
  const { t } = useTranslation()
  const may = useMay()
  const { nameOf } = useSpellReason()
  const { data, error, refetch } = useQuery(contactReasons())
  const { requiresReason: isRequired = false, summaryPolicy = 'none' } = useQuery(company()).data ?? {}
  const change = useChangeCompany()
  const [opened, setOpened] = useState<ContactReason | 'new' | null>(null)
  if (error && !data) return <Failure error={error} retry={refetch} />
  const line = (reason: ContactReason, className: string) => (
    <button type="button" className={`plain ${className}`} onClick={() => setOpened(reason)}>
      <span className={reason.isActive ? undefined : css.off}>{nameOf(reason)}</span>
      <span className="quiet small">{reason.groupCode && t(`reason.automation.${reason.automation}`)}</span>
      <span className={css.code}>{reason.code}</span>
    </button>
  )
  return (
    <Page
      title={t('reason.title')}
      about={t('reason.about')}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
          {t('reason.new')}
        </Button>
      }
    >
      <div className={css.stack}>
        <Card
          title={t('reason.required')}
          extra={
            <Switch
              aria-label={t('reason.required')}
              checked={isRequired}
              disabled={!may('settings:manage')}
              loading={change.isPending}
              onChange={requiresReason => change.mutate({ requiresReason })}
            />
          }
        >
          <p className="quiet small">{t('reason.requiredText')}</p>
        </Card>
        <Card
          title={t('closing.policy')}
          extra={
            <Segmented
              size="small"
              aria-label={t('closing.policy')}
              value={summaryPolicy}
              disabled={!may('settings:manage') || change.isPending}
              onChange={summaryPolicy => change.mutate({ summaryPolicy })}
              options={(['none', 'optional', 'required'] as const).map(value => ({
                value,
                label: t(`closing.policyOf.${value}`),
              }))}
            />
          }
        >
          <p className="quiet small">{t('closing.policyText')}</p>
        </Card>
        <ModelCard />
        {data ? (
          <Card title={t('reason.tree')}>
            {data.items
              .filter(({ groupCode }) => groupCode === null)
              .map(group => (
                <section key={group.code}>
                  <div className="strong">{line(group, css.reason!)}</div>
                  {data.items
                    .filter(({ groupCode }) => groupCode === group.code)
                    .map(reason => (
                      <div key={reason.code} style={{ paddingInlineStart: 24 }}>
                        {line(reason, css.reason!)}
                      </div>
                    ))}
                </section>
              ))}
          </Card>
        ) : (
          <Skeleton />
        )}
      </div>
      {opened && (
        <ReasonForm reason={opened === 'new' ? undefined : opened} onClose={() => setOpened(null)} />
      )}
    </Page>
  )
}
