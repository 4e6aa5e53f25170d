import { CloseOutlined, FileOutlined, LoadingOutlined, WarningOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useRefusal } from '../../ui/refusal.ts'
import type { Attachment } from './api.ts'
import css from './files-row.module.css'
import type { Upload } from './use-files.ts'

type Props = {
  items: Attachment[]
  uploads: Upload[]
  onRemove: (id: string) => void
  onDismiss: (key: string) => void
}

/** What will go with the message. */
export function FilesRow({ items, uploads, onRemove, onDismiss }: Props) {
  const { t } = useTranslation()
  const spell = useRefusal()
  if (items.length === 0 && uploads.length === 0) return null
  return (
    <ul className={css.files}>
      {items.map(({ id, name, type, url }) => (
        <li key={id} className={css.file}>
          {type.startsWith('image/') ? <img src={url} alt="" /> : <FileOutlined />}
          <span className="cut">{name}</span>
          <button
            type="button"
            className="plain"
            aria-label={t('composer.removeFile', { name })}
            onClick={() => onRemove(id)}
          >
            <CloseOutlined />
          </button>
        </li>
      ))}
      {uploads.map(({ key, name, error }) => (
        <li key={key} className={`${css.file} ${error ? css.failed : ''}`}>
          {error ? <WarningOutlined /> : <LoadingOutlined />}
          <span className="cut">{error ? `${name}: ${spell(error)}` : name}</span>
          {error !== undefined && (
            <button
              type="button"
              className="plain"
              aria-label={t('composer.removeFile', { name })}
              onClick={() => onDismiss(key)}
            >
              <CloseOutlined />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
