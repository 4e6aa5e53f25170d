/** What the rules for content are called and say; a rule that is missing here is shown by its code. */
export const content = {
  content: {
    title: 'Rules of this channel',
    blocks: 'Cannot be sent',
    warns: 'Look again',
    rule: {
      no_ext_link: 'No links here that are not needed to complete the order',
      no_contact: 'No address, number or messenger of ours or the customer’s here',
      no_marketing: 'No advertising in this channel',
      no_review_gating: 'Nothing of value in return for a review',
      no_ask_cancel: 'We do not ask the customer to cancel; we cancel',
      no_pure_thanks: 'Only thanks or a confirmation: this channel does not want such messages',
      no_emoji_gif_style: 'No emoji and no moving pictures here',
      no_pan: 'No numbers of payment cards',
      no_blame_no_admission: 'Reads like an admission of fault; let compliance look first',
      promise_check: 'A promise without a clock: who will remember it?',
      lang_check: 'The customer writes in another language',
    },
  },
} as const
