import { Button, Table } from 'antd'
import type { ColumnsType } from 'antd/es/table'
import type { ReactNode } from 'react'
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
export function RecordTable<Row extends object>({
  rows,
  columns,
  rowKey,
  onOpen,
  empty,
  dim,
  label,
}: Props<Row>) {
  const { t } = useTranslation()
  if (rows.error && !rows.data) return <Failure error={rows.error} retry={rows.refetch} />
  if (!rows.data) return <Skeleton lines={6} />
  if (rows.data.length === 0) return <Empty title={empty.title}>{empty.text}</Empty>
  return (
    <div className={css.frame}>
      <Table<Row>
        aria-label={label}
        size="middle"
        pagination={false}
        dataSource={rows.data}
        rowKey={rowKey ?? (row => (row as { id: string }).id)}
        columns={columns.map(asAntd)}
        rowClassName={row => `${onOpen ? css.opens : ''} ${dim?.(row) ? css.dim : ''}`}
        onRow={row => (onOpen ? opening(() => onOpen(row)) : {})}
        scroll={{ x: 'max-content' }}
      />
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

const asAntd = <Row,>({ key, title, width, align, render }: Column<Row>): ColumnsType<Row>[number] => ({
  key,
  title,
  width,
  align,
  render: (_, row) => render(row),
})

/** A row opens by click and by Enter; a button or link inside it keeps its own click. */
const opening = (open: () => void) => ({
  tabIndex: 0,
  onClick: (event: React.MouseEvent) => {
    if (!(event.target as HTMLElement).closest('button, a, input, label, .ant-dropdown, .ant-modal-wrap'))
      open()
  },
  onKeyDown: (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && event.target === event.currentTarget) open()
  },
})
