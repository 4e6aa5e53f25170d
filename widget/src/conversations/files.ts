import { Refusal, refusalOf, Unreachable } from '../api/calls.ts'
import type { Attachment } from '../api/shapes.ts'

type Way = {
  origin: string
  fetch: typeof fetch
  ensureToken: () => Promise<string>
  renew: (refusedToken: string) => Promise<unknown>
}

type Progress = (part: number) => void

export function exchangeFiles({ origin, fetch, ensureToken, renew }: Way) {
  return {
    async send(file: File, progress: Progress, stop: AbortSignal): Promise<Attachment> {
      const token = await ensureToken()
      const url = `${origin}/api/widget/files`
      try {
        return await sendFile(url, token, file, progress, stop)
      } catch (error) {
        if (!(error instanceof Refusal && error.status === 401)) throw error
        await renew(token)
        return sendFile(url, await ensureToken(), file, progress, stop)
      }
    },

    /** Attachments are only given to their visitor, so they are fetched with his token and shown from memory. */
    async load(url: string): Promise<Blob> {
      const address = new URL(url, origin)
      const isOurs = address.origin === origin
      const headers = isOurs ? { authorization: `Bearer ${await ensureToken()}` } : undefined
      const response = await fetch(address, { headers })
      if (!response.ok) throw new Refusal(response.status, 'file')
      return response.blob()
    },
  }
}

/** XMLHttpRequest, because fetch does not tell how much is up. */
function sendFile(url: string, bearer: string, file: File, progress: Progress, stop: AbortSignal) {
  return new Promise<Attachment>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    request.setRequestHeader('authorization', `Bearer ${bearer}`)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0)
    request.onerror = request.onabort = () => reject(new Unreachable())
    request.onload = () => {
      const { status, response } = request
      if (status < 300 && response?.id) return resolve(response as Attachment)
      if (status < 300) return reject(new Unreachable())
      const headers = { get: (name: string) => request.getResponseHeader(name) }
      reject(refusalOf({ status, headers }, response))
    }
    stop.addEventListener('abort', () => request.abort())
    const form = new FormData()
    form.append('file', file, file.name)
    request.send(form)
  })
}
