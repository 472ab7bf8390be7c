import type { Plugin } from 'vite'

const ID = 'virtual:written-styles.css'
const INJECTED = /var css_248z = (".*?[^\\]");\n([\s\S]*?)styleInject\(css_248z\);/

/**
 * The library that moves the hall's map writes its styles into the page while it starts, which the policy of our pages
 * forbids: they become a file like all others. The build fails when the library has begun to do it in another way.
 */
export const writtenStyles = (): Plugin => {
  let css = ''
  return {
    name: 'written-styles',
    apply: 'build',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? css : undefined),
    transform: (code, id) => {
      if (!/node_modules[\\/]react-zoom-pan-pinch[\\/].+\.js$/.test(id)) return undefined
      const [whole, literal, between = ''] = INJECTED.exec(code) ?? []
      if (whole === undefined || literal === undefined) throw new Error(`${id} does not write its styles as it used to.`)
      css = JSON.parse(literal) as string
      return { code: `import '${ID}';\n${code.replace(whole, () => between)}`, map: null }
    },
  }
}
