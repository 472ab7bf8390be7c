/** Rules of the house that oxlint does not know. */
type Node = { type: string; range: [number, number]; loc: { start: { line: number }; end: { line: number } } }
type Comment = { loc: Node['loc'] }
type Context = {
  options: unknown[]
  sourceCode: { lines: string[]; getAllComments: () => Comment[] }
  report: (finding: { node: Node; message: string }) => void
}

const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']

const onlyComment = (lines: string[], comments: Comment[]) => {
  const found = new Set<number>()
  for (const { loc } of comments)
    for (let line = loc.start.line; line <= loc.end.line; line += 1) {
      const text = lines[line - 1]?.trim() ?? ''
      if (line > loc.start.line ? line < loc.end.line || text.endsWith('*/') : /^(\/\/|\/\*)/.test(text)) found.add(line)
    }
  return found
}

/** Counts the lines of each function without those of the functions inside it: a factory that lists small functions is small. */
const functionLines = {
  meta: { schema: [{ type: 'integer' }] },
  create: (context: Context) => {
    const [max] = context.options as [number]
    const { lines } = context.sourceCode
    const comments = onlyComment(lines, context.sourceCode.getAllComments())
    const open: { node: Node; inner: Set<number> }[] = []

    const enter = (node: Node) => open.push({ node, inner: new Set() })
    const leave = (node: Node) => {
      const { inner } = open.pop() ?? { inner: new Set<number>() }
      const { start, end } = node.loc
      const outer = open.at(-1)?.inner
      let count = 0
      for (let { line } = start; line <= end.line; line += 1) {
        if (line > start.line) outer?.add(line)
        if (!inner.has(line) && !comments.has(line) && lines[line - 1]?.trim() !== '') count += 1
      }
      if (count > max) context.report({ node, message: `This function has ${count} lines of its own; the limit is ${max}.` })
    }
    return Object.fromEntries(
      FUNCTIONS.flatMap((type) => [
        [type, enter],
        [`${type}:exit`, leave],
      ]),
    )
  },
}

/** Functions and closures carry the code; the one class is the error. */
const noClass = {
  meta: { schema: [] },
  create: (context: Context) => {
    const refuse = (message: string) => (node: Node) => context.report({ node, message })
    return {
      ClassDeclaration: refuse('No classes: write a function that returns an object.'),
      ClassExpression: refuse('No classes: write a function that returns an object.'),
      ThisExpression: refuse('No `this`: close over what the function needs.'),
    }
  },
}

export default { meta: { name: 'house' }, rules: { 'function-lines': functionLines, 'no-class': noClass } }
