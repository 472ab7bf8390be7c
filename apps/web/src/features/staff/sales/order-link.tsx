import { Link } from '@tanstack/react-router'

type Props = { id: number; reference: string; isRow?: boolean }

export const OrderLink = ({ id, reference, isRow = false }: Props) => (
  <Link to="/staff/sales/orders/$order_id" params={{ order_id: String(id) }} {...(isRow && { 'data-row': true })}>
    {reference}
  </Link>
)
