import type { Shape } from '@marquee/contract/client'

export type AvailableSeats = Shape<'AvailableSeats'>
export type AvailableSeat = Shape<'AvailableSeat'>
export type TypeOnSale = AvailableSeats['ticket_types'][number]
export type SeatStatus = AvailableSeat['status']
export type SeatType = AvailableSeat['seat_type']
export type HallSeat = Omit<AvailableSeat, 'status'>
export type SeatMap = AvailableSeats['hall']['seat_map']
export type Order = Shape<'Order'>
