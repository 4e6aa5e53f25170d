import { Button } from 'antd'
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import css from './record.module.css'
import { Empty, Failure, Skeleton } from './states.tsx'

export type Column<Row> = {
  key: string
  title: string
  width?: number | string
  align?: 'right'
  render: (row: Row) => ReactNode
}

type Loaded<Row> = {
  data: Row[] | undefined
  error?: unknown
  refetch?: () => void
  hasNextPage?: boolean
  isFetchingNextPage?: boolean
  fetchNextPage?: () => void
}

type Props<Row> = {
  rows: Loaded<Row>
  columns: Column<Row>[]
  rowKey?: (row: Row) => string
  onOpen?: (row: Row) => void
  empty: { title: string; text?: ReactNode }
  dim?: (row: Row) => boolean
  label: string
}

/** A list of records to read and open; everything a list screen does alike. Not extensible on purpose. */
export function RecordTable<Row extends object>(props: Props<Row>) {
  const { rows, columns, rowKey = idOf, onOpen, empty, dim, label } = props
  const { t } = useTranslation()
  if (rows.error && !rows.data) return <Failure error={rows.error} retry={rows.refetch} />
  if (!rows.data) return <Skeleton lines={6} />
  if (rows.data.length === 0) return <Empty title={empty.title}>{empty.text}</Empty>
  return (
    <div className={css.frame}>
      <table className={css.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ key, title, width, align }) => (
              <th
                key={key}
                scope="col"
                style={{ width }}
                className={align === 'right' ? css.right : undefined}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.data.map(row => (
            <tr
              key={rowKey(row)}
              className={`${onOpen ? css.opens : ''} ${dim?.(row) ? css.dim : ''}`}
              {...(onOpen && opening(() => onOpen(row)))}
            >
              {columns.map(({ key, align, render }) => (
                <td key={key} className={align === 'right' ? css.right : undefined}>
                  {render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.hasNextPage && (
        <div className={css.more}>
          <Button type="text" loading={rows.isFetchingNextPage} onClick={rows.fetchNextPage}>
            {t('action.more')}
          </Button>
        </div>
      )}
    </div>
  )
}

const idOf = (row: object) => (row as { id: string }).id

/** A row opens by click and by Enter; a button or link inside it keeps its own click. */
const opening = (open: () => void) => ({
  tabIndex: 0,
  onClick: ({ target }: MouseEvent) => {
    if (!(target as HTMLElement).closest('button, a, input, label, .ant-popover, .ant-modal-wrap')) open()
  },
  onKeyDown: ({ key, target, currentTarget }: KeyboardEvent) => {
    if (key === 'Enter' && target === currentTarget) open()
  },
})
