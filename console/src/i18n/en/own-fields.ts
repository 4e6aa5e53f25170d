export const ownFields = {
  ownField: {
    title: 'Conversation fields',
    card: 'Fields',
    about: 'What you note of conversations beside reason and tags, such as a batch or a wish.',
    new: 'New field',
    none: 'No fields of your own yet',
    noneText: 'Reason, tags and summary are enough to start with.',
    name: 'Name',
    nameZh: 'Name in Chinese',
    nameEn: 'Name in English',
    key: 'Key',
    keyHint: 'For programs and conditions; it stays.',
    keyRule: 'Small letters, digits and _, beginning with a letter',
    type: 'Type',
    typeOf: { text: 'Text', number: 'Number', choice: 'Choice', date: 'Date', boolean: 'Yes or no' },
    choices: 'Choices',
    isRequired: 'Required',
    required: 'required',
    requiredHint: 'A conversation that shows it is resolved only with it.',
    reasonGroups: 'For reasons',
    channelKinds: 'For channels',
    all: 'All',
    yes: 'Yes',
    no: 'No',
  },
} as const

export const ownFieldRefusals = {
  fields_required: 'Fill in what is required before this is resolved.',
  choices_mismatch: 'A choice needs choices, and only a choice has them.',
} as const
