import { createTheme, type MantineColorsTuple, type VariantColorsResolver } from '@mantine/core'

const tuple = (token: string) => Array.from({ length: 10 }, () => `var(--${token})`) as unknown as MantineColorsTuple

/** Filled means "go on", red is only for what is final; everything else is quiet. */
const variants: VariantColorsResolver = ({ variant, color }) => {
  const final = color === 'danger'
  const name = final ? 'danger' : 'accent'
  const text = `var(--${name}-text)`
  if (variant === 'filled')
    return {
      background: `var(--${name})`,
      hover: `var(--${name}-hover)`,
      color: `var(--on-${name})`,
      border: '1px solid transparent',
    }
  if (variant === 'light')
    return { background: `var(--${name}-wash)`, hover: `var(--${name}-wash)`, color: text, border: '1px solid transparent' }
  if (variant === 'default' || variant === 'outline')
    return {
      background: 'transparent',
      hover: 'var(--ground-raised)',
      color: final ? text : 'var(--ink)',
      border: `1px solid ${final ? text : 'var(--line-strong)'}`,
    }
  return { background: 'transparent', hover: 'var(--ground-raised)', color: text, border: '1px solid transparent' }
}

export const theme = createTheme({
  colors: { accent: tuple('accent'), danger: tuple('danger') },
  primaryColor: 'accent',
  variantColorResolver: variants,
  respectReducedMotion: true,
  cursorType: 'pointer',
  defaultRadius: 'md',
  components: {
    // Large text and long words take a second line.
    Button: {
      styles: {
        root: {
          display: 'inline-flex',
          alignItems: 'center',
          justifyContent: 'center',
          height: 'auto',
          minHeight: 'var(--button-height)',
          paddingBlock: '0.375rem',
          maxWidth: '100%',
        },
        label: { whiteSpace: 'normal' },
      },
    },
  },
})
