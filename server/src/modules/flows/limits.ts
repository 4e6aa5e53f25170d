/**
 * What keeps rules from chasing each other and from drowning people. They are the house's own figures and bind no one
 * outside; a flow may ask for less or, up to the farthest, for more.
 */
export const limits = {
  /** An event so many steps away from what a person or the clock did starts nothing any more (R17). */
  deepest: 5,
  steps: 50,
  branchesDeep: 5,
  longestWaitDays: 90,
  perHour: { usual: 1_000, farthest: 20_000 },
  sendsPerHour: { usual: 200, farthest: 5_000 },
  perRecordHour: { usual: 10, farthest: 100 },
  attempts: 5,
  dryRun: { events: 1_000, shown: 20, milliseconds: 4_000 },
} as const
