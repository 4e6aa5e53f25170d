type Wording = { subject: string; received: string; closed: string }

/**
 * What a customer is told when his mail has come in, where the company has no words of its own. `{number}`: the
 * conversation's; `{opening}`: when the store opens next. Nothing of what he wrote stands in it: such a mail would
 * carry anybody's words to anybody.
 */
const wordings: Record<string, Wording> = {
  en: {
    subject: 'We have received your message ({number})',
    received: 'Thank you for writing to us. Your message has arrived, and a colleague will answer it.',
    closed:
      'Thank you for writing to us. Your message has arrived. We are closed at present and open again {opening}.',
  },
  zh: {
    subject: '已收到您的来信（{number}）',
    received: '感谢您的来信，我们已经收到，客服同事会尽快回复您。',
    closed: '感谢您的来信，我们已经收到。现在是非工作时间，我们将于 {opening} 恢复服务。',
  },
  ja: {
    subject: 'メッセージを受け付けました（{number}）',
    received: 'お問い合わせありがとうございます。メッセージを受け付けました。担当者よりご返信いたします。',
    closed:
      'お問い合わせありがとうございます。メッセージを受け付けました。ただいま営業時間外です。次の営業開始は {opening} です。',
  },
  ko: {
    subject: '메시지가 접수되었습니다 ({number})',
    received: '문의해 주셔서 감사합니다. 메시지가 접수되었으며 담당자가 답변드리겠습니다.',
    closed:
      '문의해 주셔서 감사합니다. 메시지가 접수되었습니다. 현재 영업시간이 아니며 {opening}에 다시 시작합니다.',
  },
  de: {
    subject: 'Ihre Nachricht ist angekommen ({number})',
    received: 'Vielen Dank für Ihre Nachricht. Sie ist angekommen, und wir werden sie beantworten.',
    closed:
      'Vielen Dank für Ihre Nachricht. Sie ist angekommen. Zurzeit ist geschlossen; wir sind wieder da: {opening}.',
  },
  fr: {
    subject: 'Votre message est bien arrivé ({number})',
    received: 'Merci de nous avoir écrit. Votre message est bien arrivé et un collègue vous répondra.',
    closed:
      'Merci de nous avoir écrit. Votre message est bien arrivé. Nous sommes fermés et rouvrons : {opening}.',
  },
  es: {
    subject: 'Hemos recibido su mensaje ({number})',
    received: 'Gracias por escribirnos. Hemos recibido su mensaje y un compañero le responderá.',
    closed:
      'Gracias por escribirnos. Hemos recibido su mensaje. Ahora está cerrado; volvemos a abrir: {opening}.',
  },
  pt: {
    subject: 'Recebemos a sua mensagem ({number})',
    received: 'Obrigado por nos escrever. Recebemos a sua mensagem e um colega irá responder.',
    closed: 'Obrigado por nos escrever. Recebemos a sua mensagem. Estamos fechados; reabrimos: {opening}.',
  },
  it: {
    subject: 'Abbiamo ricevuto il suo messaggio ({number})',
    received: 'Grazie per averci scritto. Il suo messaggio è arrivato e un collega le risponderà.',
    closed: 'Grazie per averci scritto. Il suo messaggio è arrivato. Ora siamo chiusi; riapriamo: {opening}.',
  },
  ru: {
    subject: 'Ваше сообщение получено ({number})',
    received: 'Спасибо за обращение. Ваше сообщение получено, наш сотрудник ответит вам.',
    closed: 'Спасибо за обращение. Ваше сообщение получено. Сейчас мы закрыты и откроемся: {opening}.',
  },
  ar: {
    subject: 'وصلتنا رسالتك ({number})',
    received: 'شكرًا لمراسلتنا. وصلتنا رسالتك وسيرد عليك أحد زملائنا.',
    closed: 'شكرًا لمراسلتنا. وصلتنا رسالتك. نحن مغلقون حاليًا ونفتح مجددًا: {opening}.',
  },
}

export const acknowledgementFor = (language: string): Wording =>
  wordings[language.slice(0, 2).toLowerCase()] ?? wordings.en!
