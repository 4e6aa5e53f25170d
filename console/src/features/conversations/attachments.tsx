import { FileOutlined } from '@ant-design/icons'
import { Image } from 'antd'
import { useTranslation } from 'react-i18next'
import { spellSize } from '../../ui/spell.ts'
import type { Attachment } from './api.ts'
import css from './attachments.module.css'

/** Raster pictures only are shown in place; the server sends all else as a download. */
const shown = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']

export function Attachments({ items, isOwn }: { items: Attachment[]; isOwn: boolean }) {
  const { i18n } = useTranslation()
  const pictures = items.filter(({ type }) => shown.includes(type))
  const files = items.filter(({ type }) => !shown.includes(type))
  return (
    <div className={`${css.items} ${isOwn ? css.own : ''}`}>
      {pictures.length > 0 && (
        <Image.PreviewGroup>
          {pictures.map(({ id, name, url }) => (
            <Image
              key={id}
              src={url}
              alt={name}
              className={css.picture}
              rootClassName={css.frame}
              loading="lazy"
            />
          ))}
        </Image.PreviewGroup>
      )}
      {files.map(({ id, name, size, url }) => (
        <a key={id} href={url} download={name} className={css.file}>
          <FileOutlined className="quiet" />
          <span className="cut" dir="auto">
            {name}
          </span>
          <span className={css.size}>{spellSize(size, i18n.language)}</span>
        </a>
      ))}
    </div>
  )
}
