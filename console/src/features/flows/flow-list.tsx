import { ArrowDownOutlined, ArrowUpOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Alert, App, Button, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { draftOf, type Flow, flowList, useCreateFlow, useOrderFlows, useSwitchFlow } from './api.ts'
import css from './flows.module.css'
import { useSpellFlow } from './spell-flow.ts'

export function FlowList() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const query = useQuery(flowList())
  const spell = useSpellFlow()
  const create = useCreateFlow()
  const mayManage = useMay()('flows:manage')
  const open = (id: string) => navigate({ to: '/settings/flows/$flowId', params: { flowId: id } })
  const ids = query.data?.map(({ id }) => id) ?? []
  const draw = () => create.mutate(t('flows.newName'), { onSuccess: ({ id }) => open(id) })
  return (
    <Page
      width="wide"
      title={t('flows.title')}
      about={t('flows.about')}
      actions={
        mayManage && (
          <Button type="primary" icon={<PlusOutlined />} loading={create.isPending} onClick={draw}>
            {t('flows.new')}
          </Button>
        )
      }
    >
      {query.data
        ?.filter(({ state }) => state === 'suspended')
        .map(flow => (
          <Suspended key={flow.id} flow={flow} mayManage={mayManage} />
        ))}
      <RecordTable<Flow>
        label={t('flows.title')}
        rows={query}
        onOpen={({ id }) => open(id)}
        empty={{ title: t('flows.none') }}
        columns={[
          {
            key: 'order',
            title: t('flows.order'),
            width: 92,
            render: flow => <Place flow={flow} ids={ids} mayMove={mayManage} />,
          },
          { key: 'name', title: t('flows.name'), render: flow => <Name flow={flow} /> },
          {
            key: 'starts',
            title: t('flows.starts'),
            render: flow => spell.trigger(draftOf(flow).trigger.code),
          },
          {
            key: 'does',
            title: t('flows.does'),
            render: flow => draftOf(flow).steps.map(spell.step).slice(0, 3).join(' → '),
          },
          { key: 'lately', title: t('flows.lately'), width: 148, render: flow => <Lately flow={flow} /> },
          {
            key: 'on',
            title: t('flows.isOn'),
            width: 72,
            render: flow => <OnOff flow={flow} mayManage={mayManage} />,
          },
        ]}
      />
    </Page>
  )
}

function Name({ flow: { name, warnings, published, isChanged } }: { flow: Flow }) {
  const { t } = useTranslation()
  return (
    <>
      <span className="strong">{name}</span>
      {!published && <span className={css.quietNote}>{t('flows.unpublished')}</span>}
      {published && isChanged && <span className={css.quietNote}>{t('flows.changed')}</span>}
      {warnings.map(code => (
        <span key={code} className={css.note}>
          {t(`flows.warning.${code}`)}
        </span>
      ))}
    </>
  )
}

function Lately({ flow: { id, counts } }: { flow: Flow }) {
  const { t } = useTranslation()
  const { runs, refused, failed, waiting } = counts
  return (
    <Link
      to="/settings/flows/$flowId/runs"
      params={{ flowId: id }}
      onClick={event => event.stopPropagation()}
    >
      {t('flows.runs', { count: runs })}
      {waiting > 0 && ` · ${t('flows.waiting', { count: waiting })}`}
      {refused > 0 && <span className={css.note}>{t('flows.refused', { count: refused })}</span>}
      {failed > 0 && <span className={css.note}>{t('flows.failed', { count: failed })}</span>}
    </Link>
  )
}

function OnOff({ flow: { id, name, state, published }, mayManage }: { flow: Flow; mayManage: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const change = useSwitchFlow()
  return (
    <Switch
      size="small"
      aria-label={t('flows.switch', { name })}
      checked={state === 'on'}
      disabled={!mayManage || !published}
      loading={change.isPending}
      onClick={(isOn, event) => {
        event.stopPropagation()
        change.mutate(
          { id, state: isOn ? 'on' : 'off' },
          { onError: error => void message.error(spell(error)) },
        )
      }}
    />
  )
}

function Suspended({ flow, mayManage }: { flow: Flow; mayManage: boolean }) {
  const { t } = useTranslation()
  const change = useSwitchFlow()
  return (
    <Alert
      type="error"
      showIcon
      className={css.alert}
      title={t('flows.suspended', { name: flow.name })}
      description={flow.suspendedWhy && t(`flows.suspendedBecause.${flow.suspendedWhy}`)}
      action={
        mayManage && (
          <Button
            size="small"
            loading={change.isPending}
            onClick={() => change.mutate({ id: flow.id, state: 'on' })}
          >
            {t('flows.resume')}
          </Button>
        )
      }
    />
  )
}

function Place({ flow, ids, mayMove }: { flow: Flow; ids: string[]; mayMove: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const order = useOrderFlows()
  const place = ids.indexOf(flow.id)
  const swap = (to: number) =>
    order.mutate(ids.with(place, ids[to]!).with(to, flow.id), {
      onError: error => void message.error(spell(error)),
    })
  const move = (by: -1 | 1, icon: ReactNode, label: string) => (
    <Button
      type="text"
      size="small"
      icon={icon}
      aria-label={label}
      disabled={ids[place + by] === undefined}
      onClick={event => {
        event.stopPropagation()
        swap(place + by)
      }}
    />
  )
  return (
    <span className={css.place}>
      <span className="quiet">{place + 1}</span>
      {mayMove && move(-1, <ArrowUpOutlined />, t('flows.up', { name: flow.name }))}
      {mayMove && move(1, <ArrowDownOutlined />, t('flows.down', { name: flow.name }))}
    </span>
  )
}
