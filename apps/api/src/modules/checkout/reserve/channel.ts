import type { Channel } from '#modules/pricing/price-order.ts'
import { AppError, invalid } from '#platform/errors.ts'
import { type Actor, may, worksAt } from '#platform/http/access.ts'

const staffOnly = () => new AppError(403, 'tickets.counter_is_staff', 'Only staff of this cinema sell at its counter.')

/** An order is sold where it began. */
export const requireNoChannel = ({ channel }: { channel?: Channel }): void => {
  if (channel !== undefined) throw invalid('/channel', 'The order says already where it is sold.', 'tickets.channel_of_order')
}

/** Whoever says that they sell at the counter works there: its fees are other ones. */
export const requireChannel = (actor: Actor, { cinema_id }: { cinema_id: number }, channel: Channel | undefined): void => {
  if (channel === 'counter' && !(may(actor, 'tickets.manage') && worksAt(actor, cinema_id))) throw staffOnly()
}
