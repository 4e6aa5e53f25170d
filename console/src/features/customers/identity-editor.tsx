import { CheckOutlined, DeleteOutlined, EyeOutlined, PlusOutlined, StopOutlined } from '@ant-design/icons'
import { App, Button, Checkbox, Form, Input, Modal, Popconfirm, Select, Space, Tooltip } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { RecordForm } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { type Customer, useCustomerChanges, useReveal } from './api.ts'
import { useBlock } from './blocked-senders/api.ts'
import { BlockDialog } from './blocked-senders/block-dialog.tsx'
import { UnblockDialog } from './blocked-senders/unblock-dialog.tsx'
import { Identities, isMasked } from './identities.tsx'
import { RevealCount } from './reveal-count.tsx'
import { RevealDialog } from './reveal-dialog.tsx'
import { useShownDetails } from './use-shown-details.ts'

export function IdentityEditor({ who, mayWrite }: { who: Customer; mayWrite: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const may = useMay()
  const spell = useRefusal()
  const { removeIdentity, verify } = useCustomerChanges(who.id)
  const reveal = useReveal(who.id)
  const details = useShownDetails()
  const [isAdding, setAdding] = useState(false)
  const [asked, setAsked] = useState<string | null>(null)
  const [turned, setTurned] = useState<{ id: string; isBlocked: boolean } | null>(null)
  const block = useBlock()
  const refuse = { onError: (error: unknown) => void message.error(spell(error)) }
  const whole = new Map(reveal.data?.items.map(({ id, display, value }) => [id, display || value]))
  const items = who.identities.map(one => ({
    ...one,
    display: details.of(one.id)?.display ?? whole.get(one.id) ?? one.display,
  }))

  return (
    <>
      <Identities
        items={items}
        shown={({ id, kind, display }) => {
          const detail = details.of(id)
          if (detail)
            return (
              <span className="quiet tiny">
                {t('reveal.hides', { seconds: details.secondsLeft(detail) })}
              </span>
            )
          if (!may('customers:reveal') || kind === 'visitor' || !isMasked(display)) return null
          return (
            <Button size="small" type="link" icon={<EyeOutlined />} onClick={() => setAsked(id)}>
              {t('reveal.ask')}
            </Button>
          )
        }}
        acts={({ id, kind, isVerified, isClaimed, blockedAt }) => (
          <>
            {may('customers:merge') && !isVerified && kind !== 'visitor' && (
              <Tooltip title={t('customer.verify')}>
                <Button
                  size="small"
                  type="text"
                  icon={<CheckOutlined />}
                  aria-label={t('customer.verify')}
                  onClick={() => verify.mutate(id, refuse)}
                />
              </Tooltip>
            )}
            {may('conversations:reply') && !isClaimed && (
              <Tooltip title={t(blockedAt ? 'blocked.unblockSender' : 'blocked.blockMore')}>
                <Button
                  size="small"
                  type="text"
                  icon={<StopOutlined />}
                  aria-label={t(blockedAt ? 'blocked.unblockSender' : 'blocked.blockMore')}
                  onClick={() => setTurned({ id, isBlocked: blockedAt !== null })}
                />
              </Tooltip>
            )}
            {mayWrite && !blockedAt && (
              <Popconfirm
                title={t('customer.removeIdentity')}
                okText={t('action.remove')}
                onConfirm={() => removeIdentity.mutate(id, refuse)}
              >
                <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('action.remove')} />
              </Popconfirm>
            )}
          </>
        )}
      />
      <Space size={4}>
        {mayWrite && (
          <Button size="small" type="link" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t('action.add')}
          </Button>
        )}
        {may('customers:contact-details') && items.some(({ display }) => isMasked(display)) && (
          <Tooltip title={t('customer.revealHint')}>
            <Button
              size="small"
              type="link"
              icon={<EyeOutlined />}
              loading={reveal.isPending}
              onClick={() => reveal.mutate(undefined, refuse)}
            >
              {t('customer.reveal')}
            </Button>
          </Tooltip>
        )}
        <RevealCount customerId={who.id} />
      </Space>
      {asked && (
        <RevealDialog
          customerId={who.id}
          identityId={asked}
          onClose={() => setAsked(null)}
          onShown={details.show}
        />
      )}
      {turned?.isBlocked === false && (
        <BlockDialog
          isPending={block.isPending}
          onClose={() => setTurned(null)}
          onBlock={() =>
            block.mutate(turned.id, {
              ...refuse,
              onSuccess() {
                message.success(t('blocked.done'))
                setTurned(null)
              },
            })
          }
        />
      )}
      {turned?.isBlocked && <UnblockDialog id={turned.id} onClose={() => setTurned(null)} />}
      {isAdding && <NewIdentity who={who} onClose={() => setAdding(false)} />}
    </>
  )
}

type Values = { kind: 'email' | 'phone' | 'external'; value: string; isVerified?: boolean }

function NewIdentity({ who, onClose }: { who: Customer; onClose: () => void }) {
  const { t } = useTranslation()
  const may = useMay()
  const { addIdentity } = useCustomerChanges(who.id)
  return (
    <Modal
      open
      title={t('customer.addIdentity')}
      footer={null}
      onCancel={onClose}
      width={440}
      destroyOnHidden
    >
      <RecordForm<Values>
        initial={{ kind: 'email' }}
        save={({ kind, value, isVerified = false }) =>
          addIdentity.mutateAsync({ kind, value: value.trim(), isVerified, scope: '' })
        }
        onSaved={onClose}
        onCancel={onClose}
        submit={t('action.add')}
      >
        <Form.Item name="kind" label={t('customer.identityKind')}>
          <Select
            options={(['email', 'phone', 'external'] as const).map(value => ({
              value,
              label: t(`identity.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item
          name="value"
          label={t('customer.identityValue')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input autoFocus maxLength={320} />
        </Form.Item>
        {may('customers:merge') && (
          <Form.Item name="isVerified" valuePropName="checked" extra={t('customer.vouchHint')}>
            <Checkbox>{t('customer.vouch')}</Checkbox>
          </Form.Item>
        )}
      </RecordForm>
    </Modal>
  )
}
