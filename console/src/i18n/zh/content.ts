export const content = {
  content: {
    title: '本渠道的内容规则',
    blocks: '不能发送',
    warns: '请再看一眼',
    rule: {
      no_ext_link: '此渠道不允许与完成订单无关的链接',
      no_contact: '此渠道不允许出现邮箱、电话或即时通讯账号',
      no_marketing: '此渠道不允许营销内容',
      no_review_gating: '不得以任何好处换取评价',
      no_ask_cancel: '不要请客户取消订单，应由我们取消',
      no_pure_thanks: '仅为致谢或确认的消息，此渠道不欢迎',
      no_emoji_gif_style: '此渠道不允许表情符号和动图',
      no_pan: '不得出现银行卡号',
      no_blame_no_admission: '读起来像承认过错，请先让合规查看',
      promise_check: '有承诺但没有时限：谁会记得它？',
      lang_check: '客户使用的是另一种语言',
    },
  },
} as const
