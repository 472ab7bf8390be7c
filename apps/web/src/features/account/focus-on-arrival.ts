/** What takes the place of the button that was pressed has the focus, so that it is read out. */
export const focusOnArrival = (element: HTMLElement | null) => element?.focus()
