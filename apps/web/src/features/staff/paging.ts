/** Where a list goes on after what was read of it. */
type Behind = { cursor?: string }
export const FIRST: Behind = {}
export const PAGE = 30

export const behind = ({ next_cursor }: { next_cursor: string | null }): Behind | undefined =>
  next_cursor === null ? undefined : { cursor: next_cursor }
