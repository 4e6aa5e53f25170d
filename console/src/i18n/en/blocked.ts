export const blocked = {
  blocked: {
    title: 'Blocked senders',
    listAbout:
      'What they write is kept and reaches nobody. Whoever unblocks one may bring in what came meanwhile.',
    none: 'Nobody is blocked',
    noneText: 'A sender is blocked from a conversation’s menu or from a customer’s page.',
    sender: 'Sender',
    customer: 'Customer',
    since: 'Blocked',
    byTitle: 'By',
    robot: 'A flow or program',
    kept: 'Messages since',
    mark: 'Blocked',
    by: 'Blocked by {{name}}',
    byNobody: 'Blocked',
    block: 'Block',
    blockMore: 'Block sender…',
    done: 'Sender blocked.',
    ask: 'Block this sender?',
    about:
      'What this sender writes from now on reaches nobody: no message, no alert, no automatic reply. The sender is not told, and can’t be answered.',
    aboutUndo:
      'It holds for this address or account in every store. Everything is kept; unblock at any time, and bring it in if you like.',
    alsoSpam: 'Mark this conversation as spam',
    unblock: 'Unblock',
    unblockMore: 'Unblock…',
    unblockSender: 'Unblock sender…',
    unblockAsk: 'Unblock this sender?',
    unblocked: 'Sender unblocked.',
    nothingCame: 'Nothing came while this sender was blocked.',
    came_one: '{{count}} message came while this sender was blocked.',
    came_other: '{{count}} messages came while this sender was blocked.',
    takeIn_one: 'Bring it in now, as if it had just come',
    takeIn_other: 'Bring in the {{count}} messages now, as if they had just come',
    leave: 'Bring in nothing; they stay under Received',
    tookIn_one: 'Unblocked; {{count}} message is being brought in.',
    tookIn_other: 'Unblocked; {{count}} messages are being brought in.',
    bar: 'This sender is blocked and can’t be answered.',
  },
} as const

export const blockedRefusals = {
  sender_blocked: 'This sender is blocked. Unblock him to answer.',
  identity_blocked: 'This sender is blocked. Unblock him before you remove it.',
} as const
