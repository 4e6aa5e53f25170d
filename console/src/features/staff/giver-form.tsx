import { useQuery } from '@tanstack/react-query'
import { Form, Input, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import type { BodyOf } from '../../api/client.ts'
import { Copyable } from '../../ui/once.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RemoveButton } from '../../ui/remove-button.tsx'
import { type Giver, roleList, teamList, useChangeGiver, useCreateGiver, useRemoveGiver } from './api.ts'
import css from './giver.module.css'
import { ClaimMapFields } from './giver-claims.tsx'

type Values = Omit<BodyOf<'/api/identity-givers', 'post'>, 'joinsAs'> & { joinsAs?: string | undefined }

const fresh = { name: '', issuer: '', clientId: '', domains: [], roleMap: [], teamMap: [], isEnabled: true }

/** All there is to say of a giver of identities. Its secret can be given anew, never read. */
export function GiverForm({ giver, onClose }: { giver: Giver | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const create = useCreateGiver()
  const change = useChangeGiver()
  const remove = useRemoveGiver()
  const roles = useQuery(roleList()).data?.items ?? []
  const teams = useQuery(teamList()).data?.items ?? []
  const required = [{ required: true, whitespace: true, message: t('form.required') }]

  function save({ clientSecret, joinsAs, roleClaim, teamClaim, ...values }: Values) {
    const body = {
      ...values,
      joinsAs: joinsAs ?? null,
      roleClaim: roleClaim || null,
      teamClaim: teamClaim || null,
      ...(clientSecret && { clientSecret }),
    }
    return giver ? change.mutateAsync({ id: giver.id, ...body }) : create.mutateAsync(body)
  }

  const { id, hasSecret, redirectUri, createdAt, joinsStoreIds, ...settings } =
    giver ?? (fresh as Partial<Giver>)
  return (
    <RecordDrawer<Values>
      title={giver?.name ?? t('giver.newTitle')}
      open
      onClose={onClose}
      width={600}
      initial={{ ...settings, joinsAs: settings.joinsAs ?? undefined }}
      save={save}
      extra={
        giver && (
          <RemoveButton
            ask={t('giver.removeAsk', { name: giver.name })}
            id={giver.id}
            remove={remove}
            onDone={onClose}
          />
        )
      }
    >
      <Form.Item
        name="name"
        label={t('giver.name')}
        extra={t('giver.nameHint', { name: t('giver.nameExample') })}
        rules={required}
      >
        <Input autoFocus={!giver} maxLength={60} />
      </Form.Item>
      <Form.Item
        name="issuer"
        label={t('giver.issuer')}
        extra={t('giver.issuerHint')}
        rules={[{ required: true, type: 'url', message: t('form.required') }]}
        validateTrigger="onBlur"
      >
        <Input dir="ltr" placeholder={t('giver.issuerExample')} maxLength={300} />
      </Form.Item>
      <Form.Item name="clientId" label={t('giver.clientId')} rules={required}>
        <Input dir="ltr" maxLength={300} />
      </Form.Item>
      <Form.Item name="clientSecret" label={t('giver.clientSecret')}>
        <Input.Password
          dir="ltr"
          autoComplete="new-password"
          placeholder={t(giver?.hasSecret ? 'giver.secretKept' : 'giver.secretNone')}
        />
      </Form.Item>
      <div className={css.redirect}>
        <p className="quiet small">{t('giver.redirectUri')}</p>
        <Copyable text={giver?.redirectUri ?? `${window.location.origin}/api/session/giver-return`} />
      </div>
      <Form.Item name="domains" label={t('giver.domains')} extra={t('giver.domainsHint')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', ' ']} />
      </Form.Item>
      <Form.Item name="joinsAs" label={t('giver.joinsAs')} extra={t('giver.joinsAsHint')}>
        <Select
          allowClear
          placeholder={t('giver.joinsNever')}
          options={roles.map(role => ({ value: role.id, label: role.name }))}
        />
      </Form.Item>
      <h3 className={css.part}>{t('giver.mapping')}</h3>
      <ClaimMapFields claim="roleClaim" map="roleMap" label={t('giver.roleClaim')} choices={roles} />
      <ClaimMapFields claim="teamClaim" map="teamMap" label={t('giver.teamClaim')} choices={teams} />
      {(['isSecondFactor', 'isOnlyWay'] as const).map(name => (
        <Form.Item
          key={name}
          name={name}
          label={t(`giver.${name}`)}
          extra={t(`giver.${name}Hint`)}
          valuePropName="checked"
        >
          <Switch />
        </Form.Item>
      ))}
      <Form.Item name="isEnabled" label={t('giver.isEnabled')} valuePropName="checked">
        <Switch />
      </Form.Item>
    </RecordDrawer>
  )
}
