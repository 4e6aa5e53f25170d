import { CheckOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input, Radio } from 'antd'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Page } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RemoveButton } from '../../ui/remove-button.tsx'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { permissionList, type Role, roleList, useRemoveRole, useSaveRole } from './api.ts'
import css from './staff.module.css'

type Permission = { code: string; zh: string; en: string }

/** Who may do what, on one sheet: permissions down, roles across. */
export function RoleMatrix() {
  const { t } = useTranslation()
  const may = useMay()
  const roles = useQuery(roleList())
  const permissions = useQuery(permissionList())
  const [opened, setOpened] = useState<Role | 'new' | null>(null)
  const error = roles.error ?? permissions.error
  const groups = Object.entries(
    Object.groupBy(permissions.data?.items ?? [], ({ code }) => code.split(':')[0]!),
  )
  const mayManage = may('staff:manage')
  const has = ({ permissions }: Role, code: string) => permissions.includes('*') || permissions.includes(code)

  if (error)
    return <Failure error={error} retry={() => [roles, permissions].forEach(query => void query.refetch())} />
  return (
    <Page
      width="wide"
      title={t('role.title')}
      about={t('role.about')}
      actions={
        mayManage && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
            {t('role.new')}
          </Button>
        )
      }
    >
      {!roles.data || !permissions.data ? (
        <Skeleton lines={8} />
      ) : (
        <div className={css.scroll}>
          <table className={css.matrix}>
            <thead>
              <tr>
                <th>{t('role.permission')}</th>
                {roles.data.items.map(role => (
                  <th key={role.id} scope="col">
                    <span className={css.roleName}>
                      {role.name}
                      <span className="quiet tiny">{t('role.people', { count: role.staffCount })}</span>
                      {mayManage && !role.isBuiltIn && (
                        <Button
                          size="small"
                          type="text"
                          icon={<EditOutlined />}
                          aria-label={`${t('action.edit')}: ${role.name}`}
                          onClick={() => setOpened(role)}
                        />
                      )}
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">{t('reach.title')}</th>
                {roles.data.items.map(({ id, reach }) => (
                  <td key={id} className={reach === 'stores' ? 'quiet small' : 'small'}>
                    {t(`reach.short.${reach}`)}
                  </td>
                ))}
              </tr>
              {groups.map(([noun, ones]) => (
                <Fragment key={noun}>
                  <tr className={css.group}>
                    <th scope="row" colSpan={roles.data.items.length + 1}>
                      {t(`role.noun.${noun as 'staff'}`, { defaultValue: noun })}
                    </th>
                  </tr>
                  {ones?.map(permission => (
                    <tr key={permission.code}>
                      <th scope="row">
                        <PermissionName permission={permission} />
                      </th>
                      {roles.data.items.map(role => (
                        <td key={role.id}>
                          {has(role, permission.code) && (
                            <CheckOutlined className={css.held} aria-label={t('role.yes')} />
                          )}
                        </td>
                      ))}
                    </tr>
                  ))}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {opened && (
        <RoleForm
          role={opened === 'new' ? undefined : opened}
          permissions={permissions.data?.items ?? []}
          onClose={() => setOpened(null)}
        />
      )}
    </Page>
  )
}

function PermissionName({ permission: { code, zh, en } }: { permission: Permission }) {
  const { i18n } = useTranslation()
  return (
    <>
      {i18n.language === 'zh' ? zh : en}
      <span className={css.code}>{code}</span>
    </>
  )
}

function RoleForm({
  role,
  permissions,
  onClose,
}: {
  role: Role | undefined
  permissions: Permission[]
  onClose: () => void
}) {
  const { t } = useTranslation()
  const save = useSaveRole(role?.id)
  const remove = useRemoveRole()
  return (
    <RecordDrawer<Pick<Role, 'name' | 'permissions' | 'reach'>>
      title={role?.name ?? t('role.new')}
      open
      onClose={onClose}
      initial={role ?? { permissions: [], reach: 'stores' }}
      save={values => save.mutateAsync(values)}
      extra={
        role && (
          <RemoveButton
            ask={t('role.removeAsk', { name: role.name })}
            id={role.id}
            remove={remove}
            onDone={onClose}
          />
        )
      }
    >
      <Form.Item
        name="name"
        label={t('role.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input autoFocus maxLength={80} />
      </Form.Item>
      <Form.Item name="reach" label={t('reach.title')} extra={t('reach.hint')}>
        <Radio.Group
          className="stack"
          options={(['stores', 'teams', 'own'] as const).map(value => ({
            value,
            label: t(`reach.of.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="permissions" label={t('role.permissions')}>
        <Checkbox.Group
          className="stack"
          options={permissions.map(permission => ({
            value: permission.code,
            label: <PermissionName permission={permission} />,
          }))}
        />
      </Form.Item>
    </RecordDrawer>
  )
}
