import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './once.module.css'

/** What is shown this once and never again, with the button everybody looks for. */
export function Once({ secret, about }: { secret: string; about: string }) {
  return (
    <>
      <p>{about}</p>
      <Copyable text={secret} />
    </>
  )
}

export function Copyable({ text, lines = false }: { text: string; lines?: boolean }) {
  const { t } = useTranslation()
  const [isCopied, setCopied] = useState(false)
  async function copy() {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 2_000)
  }
  return (
    <div className={css.box}>
      <code className={lines ? css.lines : css.line}>{text}</code>
      <Button icon={isCopied ? <CheckOutlined /> : <CopyOutlined />} onClick={copy}>
        {t(isCopied ? 'action.copied' : 'action.copy')}
      </Button>
    </div>
  )
}
