import { PictureOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure, Skeleton } from '../../../ui/states.tsx'
import { mailHtml } from './api.ts'
import { frameContent, hasRemotePictures } from './frame-content.ts'
import css from './mail-frame.module.css'

const tallest = 720

/**
 * A mail as it was sent, on white paper in a frame without scripts. Its document comes from the server under a
 * policy of its own, so that a mail may bring its styles while the console allows none.
 */
export function MailFrame({ messageId }: { messageId: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(mailHtml(messageId))
  const [areShown, setShown] = useState(false)
  if (error && !data) return <Failure error={error} retry={refetch} />
  if (!data) return <Skeleton lines={4} />
  return (
    <div className={css.sheet}>
      {!areShown && hasRemotePictures(data.html) && (
        <p className={css.bar}>
          <PictureOutlined /> {t('mail.picturesHeld')}
          <Button size="small" type="link" onClick={() => setShown(true)}>
            {t('mail.showPictures')}
          </Button>
        </p>
      )}
      <Frame
        content={frame => frameContent(frame, { ...data, messageId, hasRemotePictures: areShown })}
        key={`${areShown}`}
      />
    </div>
  )
}

function Frame({ content }: { content: (frame: Window & typeof globalThis) => string }) {
  const { t } = useTranslation()
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(0)
  const [isLoaded, setLoaded] = useState(false)

  useEffect(() => {
    const page = isLoaded && frame.current?.contentDocument
    if (!page) return
    page.body.innerHTML = content(page.defaultView!)
    const fit = new ResizeObserver(() => {
      const { scrollHeight, scrollWidth, clientWidth } = page.documentElement
      const needed = Math.max(page.body.offsetHeight, Math.min(scrollHeight, page.body.scrollHeight))
      setHeight(Math.min(tallest, Math.ceil(needed) + (scrollWidth > clientWidth ? 16 : 0)))
    })
    fit.observe(page.body)
    page.addEventListener('keydown', passOn)
    return () => {
      fit.disconnect()
      page.removeEventListener('keydown', passOn)
    }
    // What is shown is fixed by the key of this component.
  }, [isLoaded])

  return (
    <iframe
      ref={frame}
      className={css.frame}
      src="/mail-frame"
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      title={t('mail.asSentTitle')}
      height={height || 120}
      onLoad={() => setLoaded(true)}
    />
  )
}

/** Whoever has clicked into a mail still means the console with its shortcuts. */
function passOn(event: KeyboardEvent) {
  const { key, code, altKey, ctrlKey, metaKey, shiftKey } = event
  if (!altKey && !ctrlKey && !metaKey) return
  const init = { key, code, altKey, ctrlKey, metaKey, shiftKey, cancelable: true }
  if (!window.dispatchEvent(new KeyboardEvent('keydown', init))) event.preventDefault()
}
