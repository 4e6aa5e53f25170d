import {
  CheckCircleFilled,
  IdcardOutlined,
  MailOutlined,
  MessageOutlined,
  PhoneOutlined,
} from '@ant-design/icons'
import { Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Time } from '../../ui/time.tsx'
import type { Customer } from './api.ts'
import { BlockedMark } from './blocked-senders/blocked-mark.tsx'
import css from './identities.module.css'

const icons = { email: MailOutlined, phone: PhoneOutlined, visitor: MessageOutlined } as const

type Identity = Customer['identities'][number]
type Props = {
  items: Identity[]
  acts?: (identity: Identity) => ReactNode
  /** Beside what is hidden: the way to see it, or how long it is still seen. */
  shown?: (identity: Identity) => ReactNode
}

/** How a customer is reached and known, with what is proved and what is hidden from this person. */
export function Identities({ items, acts, shown }: Props) {
  const { t } = useTranslation()
  if (items.length === 0) return <p className="quiet small">{t('customer.noIdentities')}</p>
  return (
    <ul className={css.list}>
      {items.map(identity => {
        const { id, kind, display, isVerified, isClaimed, verifiedAt, blockedAt, blockedBy } = identity
        const Icon = icons[kind as 'email'] ?? IdcardOutlined
        return (
          <li key={id}>
            <Icon className="quiet" title={t(`identity.${kind as 'email'}`, { defaultValue: kind })} />
            <span className={css.value}>
              <span className={css.whole} dir="auto">
                {kind === 'visitor' ? t('identity.visitor') : display}
              </span>
              {isMasked(display) && kind !== 'visitor' && (
                <span className={css.masked}>{t('customer.masked')}</span>
              )}
              {shown?.(identity)}
              {isClaimed && <span className={css.masked}>{t('customer.claimed')}</span>}
              {blockedAt && <BlockedMark at={blockedAt} by={blockedBy} />}
              {isVerified && (
                <Tooltip
                  title={
                    <>
                      {t('customer.verified')} {verifiedAt && <Time at={verifiedAt} as="date" />}
                    </>
                  }
                >
                  <CheckCircleFilled className={css.verified} />
                </Tooltip>
              )}
            </span>
            {acts && <span className={css.acts}>{acts(identity)}</span>}
          </li>
        )
      })}
    </ul>
  )
}

/** The server blanks what this person may not read; the dots are its sign. */
export const isMasked = (value: string) => value.includes('•••')
