import { EyeOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Popover } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Time } from '../../ui/time.tsx'
import { revealsOf } from './api.ts'
import css from './identities.module.css'

/** How often hidden details of this customer were shown, and to whom: for who reads the audit trail. */
export function RevealCount({ customerId }: { customerId: string }) {
  const { t } = useTranslation()
  const may = useMay()
  const { data } = useQuery({ ...revealsOf(customerId), enabled: may('audit:read') })
  if (!data || data.count === 0) return null
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      content={
        <ul className={css.reveals}>
          {data.items.map(({ id, by, kind, reason, note, at }) => (
            <li key={id}>
              <span dir="auto">{by.name}</span>, {t(`reveal.of.${kind}`)}
              <span className="quiet small">
                {t(`reveal.reasonOf.${reason}`)}
                {note && `: ${note}`} · <Time at={at} as="moment" />
              </span>
            </li>
          ))}
        </ul>
      }
    >
      <Button size="small" type="link" icon={<EyeOutlined />}>
        {t('reveal.count', { count: data.count })}
      </Button>
    </Popover>
  )
}
