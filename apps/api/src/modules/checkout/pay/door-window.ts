/** A code opens the door from shortly before the start until the end. */
export const doorWindow = ({ start_time, end_time }: { start_time: Date; end_time: Date }, doorsOpenMinutes: number) => ({
  valid_from: new Date(start_time.getTime() - doorsOpenMinutes * 60_000),
  valid_until: end_time,
})
