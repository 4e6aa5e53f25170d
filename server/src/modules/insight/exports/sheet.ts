export type Cell = string | number | Date | null

/** What is taken out: its columns, and its rows as they are found. */
export type Sheet = { columns: readonly string[]; rows: AsyncIterable<readonly Cell[]> }

/** Moments leave in UTC and say so: who opens the file may sit anywhere. */
export const textOf = (cell: Cell) =>
  cell === null ? '' : cell instanceof Date ? cell.toISOString() : String(cell)
