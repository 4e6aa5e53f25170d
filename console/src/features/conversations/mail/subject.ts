/** Whether the subject of a mail says what its conversation's does, whatever stands before it in whatever tongue. */
export const isSameSubject = (one: string, other: string | null) => bare(one) === bare(other ?? '')

const bare = (subject: string) => {
  let rest = subject.trim().toLowerCase()
  for (let cut = rest; ; rest = cut) {
    cut = rest.replace(mark, '')
    if (cut === rest) return rest.replace(/\s+/g, ' ')
  }
}

const mark =
  /^(?:re|fwd?|aw|wg|sv|vs|antw|rif|ris|odp|ynt|rv|tr|ref|回复|回覆|答复|答覆|转发|轉寄|返信|転送|답장|отв|رد)(?:\[\d+\])?\s?[:：]\s*/i
