/** The subject under which a chat goes on by mail, and the line above what was said; `{store}` is the store's name. */
const wordings: Record<string, { subject: string; intro: string }> = {
  en: {
    subject: '{store} has answered you',
    intro: 'You were no longer in our chat, so here is our answer. Reply to this mail and it goes on.',
  },
  zh: {
    subject: '{store} 回复了您',
    intro: '您已离开在线聊天，我们把回复发到您的邮箱。直接回复本邮件即可继续沟通。',
  },
  ja: {
    subject: '{store} より回答がありました',
    intro: 'チャットを離れられたため、メールで回答をお送りします。このメールにご返信いただくと続けられます。',
  },
  ko: {
    subject: '{store}에서 답변을 보냈습니다',
    intro: '채팅을 나가셔서 메일로 답변을 보내드립니다. 이 메일에 답장하시면 계속 이어집니다.',
  },
  de: {
    subject: '{store} hat Ihnen geantwortet',
    intro: 'Sie waren nicht mehr im Chat, darum kommt unsere Antwort per Mail. Antworten Sie einfach darauf.',
  },
  fr: {
    subject: '{store} vous a répondu',
    intro: 'Vous aviez quitté le chat, voici donc notre réponse. Répondez à ce mail pour continuer.',
  },
  es: {
    subject: '{store} le ha respondido',
    intro:
      'Ya no estaba en el chat, así que aquí va nuestra respuesta. Conteste a este correo para continuar.',
  },
  pt: {
    subject: '{store} respondeu-lhe',
    intro:
      'Já não estava no chat, por isso segue aqui a nossa resposta. Responda a este e-mail para continuar.',
  },
  it: {
    subject: '{store} le ha risposto',
    intro: 'Aveva lasciato la chat, quindi ecco la nostra risposta. Risponda a questa mail per continuare.',
  },
  ru: {
    subject: '{store}: вам ответили',
    intro: 'Вы вышли из чата, поэтому отправляем ответ письмом. Ответьте на него, чтобы продолжить.',
  },
  ar: {
    subject: 'ردّ عليك {store}',
    intro: 'غادرت المحادثة، لذلك نرسل لك ردنا هنا. أجب على هذه الرسالة للمتابعة.',
  },
}

export const followUpText = (language: string | null) =>
  wordings[(language ?? 'en').slice(0, 2).toLowerCase()] ?? wordings.en!
