import { Button, createTheme, type MantineColorsTuple } from '@mantine/core'

import style from './button.module.css'

const tuple = (token: string) => Array.from({ length: 10 }, () => `var(--${token})`) as unknown as MantineColorsTuple

/** Set to nothing, a variable is not written into the page: what it would say stands in button.module.css. */
const UNWRITTEN = {
  '--button-bg': '',
  '--button-hover': '',
  '--button-color': '',
  '--button-bd': '',
  '--button-height': '',
  '--button-padding-x': '',
  '--button-fz': '',
}

export const theme = createTheme({
  colors: { accent: tuple('accent'), danger: tuple('danger') },
  primaryColor: 'accent',
  respectReducedMotion: true,
  cursorType: 'pointer',
  defaultRadius: 'md',
  components: {
    Button: Button.extend({
      vars: () => ({ root: UNWRITTEN }),
      classNames: (_theme, { color }) => ({
        root: color === 'danger' ? `${style.root} ${style.final}` : (style.root ?? ''),
        label: style.label ?? '',
      }),
    }),
  },
})
