import { CloseOutlined, DownOutlined, SearchOutlined, UpOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRefusal } from '../../ui/refusal.ts'
import { useAfterPause } from '../../ui/use-after-pause.ts'
import { searchInside } from './api.ts'
import css from './thread-search.module.css'

/** Looks for words in one conversation, also where it is longer than what has been loaded. */
export function ThreadSearch({ conversationId, onClose }: { conversationId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const spell = useRefusal()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const [typed, setTyped] = useState('')
  const q = useAfterPause(typed, 250)
  const isSought = /[\p{L}\p{N}]/u.test(q)
  const { data, error } = useQuery({ ...searchInside(conversationId, q), enabled: isSought })
  const hits = isSought && data ? data.hits : []
  const at = hits.findIndex(({ seq }) => seq === search.at)

  const jump = (seq: number | undefined) =>
    navigate({
      to: '/inbox/$conversationId',
      params: { conversationId },
      search: { ...search, at: seq } as never,
      replace: true,
    })
  // Newest first, as one reads a thread from its end.
  const step = (by: 1 | -1) => {
    if (hits.length > 0) jump(hits[(Math.max(at, 0) + (at < 0 ? 0 : by) + hits.length) % hits.length]!.seq)
  }
  const newest = hits[0]?.seq
  useEffect(() => {
    if (newest !== undefined) jump(newest)
  }, [q, newest])

  return (
    <div className={css.bar} role="search">
      <Input
        autoFocus
        size="small"
        variant="borderless"
        maxLength={200}
        prefix={<SearchOutlined className="quiet" />}
        value={typed}
        placeholder={t('search.inside')}
        aria-label={t('search.inside')}
        onChange={event => setTyped(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') onClose()
          else if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
        }}
      />
      <span className={css.count} role="status">
        {error
          ? spell(error)
          : isSought &&
            data &&
            (hits.length > 0
              ? t('search.place', { at: Math.max(at, 0) + 1, count: data.hitCount })
              : t('search.notInside'))}
      </span>
      <Button
        type="text"
        size="small"
        icon={<UpOutlined />}
        aria-label={t('search.older')}
        disabled={hits.length === 0}
        onClick={() => step(1)}
      />
      <Button
        type="text"
        size="small"
        icon={<DownOutlined />}
        aria-label={t('search.newer')}
        disabled={hits.length === 0}
        onClick={() => step(-1)}
      />
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined />}
        aria-label={t('action.close')}
        onClick={onClose}
      />
    </div>
  )
}
