import { readFileSync } from 'node:fs'

import ts from 'typescript'

/** As Stripe names it: `parameter_unknown` and such, and which parameter. */
export type ParameterProblem = { code: 'parameter_unknown' | 'parameter_missing' | 'parameter_invalid_value'; param: string }
export type Wire = string | Wire[] | { [name: string]: Wire }
type Named = ts.InterfaceDeclaration | ts.TypeAliasDeclaration

const FILES = ['resources/PaymentIntents.d.ts', 'resources/Refunds.d.ts', 'shared.d.ts']

/** Every type of these declarations under its full name: `PaymentIntentCreateParams.AutomaticPaymentMethods`. */
const readDeclarations = (): Map<string, Named> => {
  const found = new Map<string, Named>()
  const visit = (node: ts.Node, scope: string): void => {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) found.set(scope + node.name.text, node)
    if (ts.isModuleDeclaration(node) && node.body) visit(node.body, `${scope}${node.name.text}.`)
    else if (ts.isModuleBlock(node) || ts.isSourceFile(node)) node.statements.forEach((one) => visit(one, scope))
  }
  for (const file of FILES) {
    const url = new URL(file, import.meta.resolve('stripe'))
    visit(ts.createSourceFile(file, readFileSync(url, 'utf8'), ts.ScriptTarget.Latest), '')
  }
  return found
}

const invalid = (param: string): ParameterProblem[] => [{ code: 'parameter_invalid_value', param }]
const inside = (param: string, name: string) => (param === '' ? name : `${param}[${name}]`)

const fullName = (name: ts.EntityName): string =>
  ts.isIdentifier(name) ? name.text : `${fullName(name.left)}.${name.right.text}`

/** Words as they come over the wire: everything is text there. */
const KEYWORDS = new Map<ts.SyntaxKind, RegExp>([
  [ts.SyntaxKind.StringKeyword, /^[^]*$/],
  [ts.SyntaxKind.NumberKeyword, /^-?\d+(\.\d+)?$/],
  [ts.SyntaxKind.BooleanKeyword, /^(true|false)$/],
])

/** Holds what a request says against the types that the pinned SDK declares for it, so that neither can drift unseen. */
export const createParameterCheck = () => {
  const declarations = readDeclarations()

  /** Looks from the inside out, as the compiler does. */
  const resolve = (name: string, scope: string): [Named, string] | undefined => {
    for (let within = scope; ; within = within.replace(/[^.]+\.$/, '')) {
      const full = within + name
      const declared = declarations.get(full)
      if (declared) return [declared, full.replace(/[^.]+$/, '')]
      if (within === '') return undefined
    }
  }

  const checkNamed = (value: Wire, name: string, scope: string, param: string): ParameterProblem[] => {
    if (name === 'OtherString') return typeof value === 'string' ? [] : invalid(param)
    const [declared, home] = resolve(name, scope) ?? []
    if (!declared || home === undefined) throw new Error(`The SDK does not declare ${name}.`)
    return ts.isInterfaceDeclaration(declared)
      ? checkObject(value, declared, home, param)
      : check(value, declared.type, home, param)
  }

  const checkReference = (value: Wire, type: ts.TypeReferenceNode, scope: string, param: string): ParameterProblem[] => {
    const name = fullName(type.typeName)
    const [argument] = type.typeArguments ?? []
    if (name === 'Array' && argument)
      return Array.isArray(value)
        ? value.flatMap((one, at) => check(one, argument, scope, inside(param, String(at))))
        : invalid(param)
    if (name === 'Emptyable' && argument) return value === '' ? [] : check(value, argument, scope, param)
    return checkNamed(value, name, scope, param)
  }

  const check = (value: Wire, type: ts.TypeNode, scope: string, param: string): ParameterProblem[] => {
    if (ts.isUnionTypeNode(type)) {
      const tried = type.types.map((one) => check(value, one, scope, param))
      return (
        tried.find((problems) => problems.length === 0) ??
        tried.find(([first]) => first?.code === 'parameter_unknown') ??
        invalid(param)
      )
    }
    if (ts.isParenthesizedTypeNode(type)) return check(value, type.type, scope, param)
    if (ts.isLiteralTypeNode(type)) return ts.isStringLiteral(type.literal) && value === type.literal.text ? [] : invalid(param)
    if (ts.isTypeReferenceNode(type)) return checkReference(value, type, scope, param)
    const words = KEYWORDS.get(type.kind)
    return words && typeof value === 'string' && words.test(value) ? [] : invalid(param)
  }

  /** Its own members and those of what it extends; an index signature takes any name. */
  const membersOf = (one: ts.InterfaceDeclaration): ts.TypeElement[] => [
    ...one.members,
    ...(one.heritageClauses ?? []).flatMap(({ types }) =>
      types.flatMap(({ expression }) => {
        const parent = ts.isIdentifier(expression) ? declarations.get(expression.text) : undefined
        return parent && ts.isInterfaceDeclaration(parent) ? membersOf(parent) : []
      }),
    ),
  ]

  const checkObject = (value: Wire, one: ts.InterfaceDeclaration, scope: string, param: string): ParameterProblem[] => {
    if (typeof value !== 'object' || Array.isArray(value)) return invalid(param)
    const members = membersOf(one)
    const anyName = members.find(ts.isIndexSignatureDeclaration)
    const named = new Map(
      members.filter(ts.isPropertySignature).map((member) => [(member.name as ts.Identifier | ts.StringLiteral).text, member]),
    )
    const given = Object.entries(value).flatMap(([name, its]) => {
      const type = named.get(name)?.type ?? anyName?.type
      if (!type) return [{ code: 'parameter_unknown' as const, param: inside(param, name) }]
      return check(its, type, scope, inside(param, name))
    })
    const missing = [...named].filter(([name, member]) => !member.questionToken && !(name in value))
    return [...given, ...missing.map(([name]) => ({ code: 'parameter_missing' as const, param: inside(param, name) }))]
  }

  /** What Stripe would say first about this request, by the name of its parameters' type: `RefundCreateParams`. */
  return (value: Wire, type: string): ParameterProblem | undefined => checkNamed(value, type, '', '')[0]
}
