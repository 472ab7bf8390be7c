import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventStatus } from 'ical-generator'

import { translator } from '#platform/i18n.ts'
import { isGood, oneLine, type PaperFacts } from './rules.ts'

const ALARM_SECONDS = 2 * 3600

const describe = (tickets: PaperFacts[]) =>
  tickets
    .map(({ locale, hall, seat_row, seat_number, seat_type, type_name, booking_reference }) => {
      const t = translator(locale)
      const seat = t('mail.seat', { hall, row: seat_row, seat: seat_number, type: t(`seat_type.${seat_type}`) })
      const place = [seat, ...(type_name === null ? [] : [type_name])].join(', ')
      return oneLine(`${place}. ${t('mail.booking_reference', { reference: booking_reference })}`)
    })
    .join('\n')

/**
 * One visit as a calendar keeps it: under the same uid it moves with the session, whose version only rises, and is
 * cancelled when no ticket to it is good any more. Times are UTC; a calendar shows them where its owner is.
 */
export const writeCalendar = (visits: { uid: string; tickets: PaperFacts[] }[]): string => {
  const calendar = ical({
    prodId: { company: 'Marquee', product: 'Tickets', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
  })
  for (const { uid, tickets } of visits) {
    const good = tickets.filter(isGood)
    const [ticket] = tickets
    if (!ticket) continue
    const title = oneLine(ticket.title)
    const event = calendar.createEvent({
      id: uid,
      sequence: ticket.version + (good.length > 0 ? 0 : 1),
      stamp: ticket.now,
      start: ticket.start_time,
      end: ticket.end_time,
      summary: title,
      location: oneLine(`${ticket.cinema}, ${ticket.address}`),
      description: describe(good.length > 0 ? good : tickets),
      status: good.length > 0 ? ICalEventStatus.CONFIRMED : ICalEventStatus.CANCELLED,
    })
    if (good.length > 0) event.createAlarm({ type: ICalAlarmType.display, trigger: ALARM_SECONDS, description: title })
  }
  return calendar.toString()
}
