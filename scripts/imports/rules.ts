import type { IForbiddenRuleType, IRegularForbiddenRuleType } from 'dependency-cruiser'

import { allowed, readers } from './modules.ts'

type From = IForbiddenRuleType['from']
type To = IRegularForbiddenRuleType['to']

const MODULES = '^apps/api/src/modules/'
const PLATFORM = '^apps/api/src/platform/'
/** Whatever lies at the top of src puts the parts together: app, main, worker, cli … */
const ROOTS = '^apps/api/src/[^/]+[.]ts$'
const TEST = '([.]test[.]ts|[.]bench[.]ts)$'
/** What others may see of a module: its use cases, its words, its named failures, its pure rules, what a price is; and the payment port. */
const FACE = [
  `${MODULES}[^/]+/(service|schemas|errors|rules)[.]ts$`,
  `${MODULES}[^/]+/[^/.]+[.](schemas|rules)[.]ts$`,
  `${MODULES}(auth|checkout)/[^/]+/[^/.]+[.](schemas|rules)[.]ts$`,
  `${MODULES}pricing/(price-order|price-seat|rounding|shown)[.]ts$`,
  `${MODULES}payments/providers/provider[.]ts$`,
]
const EDGE = '[/.](router|graphql|jobs)[.]ts$'
const STORE = '[/.](repository|statement)[.]ts$'

const rule = (name: string, comment: string, from: From, to: To): IForbiddenRuleType => ({
  name,
  comment,
  severity: 'error',
  from,
  to,
})

const moduleRule = ([module, others]: [string, string[]]) =>
  rule(
    `order-of-${module}`,
    others.length > 0 ? `${module} may use ${others.join(', ')}.` : `${module} may use no other module.`,
    { path: `${MODULES}${module}/`, pathNot: TEST },
    { path: MODULES, pathNot: `${MODULES}(${[module, ...others].join('|')})/` },
  )

const acrossModules = [
  rule(
    'module-is-in-the-order',
    'Give the new module its place in scripts/imports/modules.ts.',
    { path: MODULES, pathNot: `${MODULES}(${[...allowed.keys()].join('|')})/` },
    {},
  ),
  rule(
    'foreign-service-as-type',
    'Another module’s service is a type here; app.ts hands over the value.',
    { path: `${MODULES}([^/]+)/`, pathNot: TEST },
    { path: `${MODULES}[^/]+/service[.]ts$`, pathNot: `${MODULES}$1/`, dependencyTypesNot: ['type-only'] },
  ),
  rule(
    'foreign-face-only',
    'Another module shows its service, schemas, errors and rules, nothing else.',
    { path: `${MODULES}([^/]+)/`, pathNot: [TEST, `${MODULES}(${readers.join('|')})/`] },
    { path: MODULES, pathNot: [`${MODULES}$1/`, ...FACE] },
  ),
]

/** a module has a router, a service, a repository and schemas, and each knows what stands below it. */
const insideModules = [
  rule(
    'edge-knows-no-repository',
    'A router asks its service, not the database.',
    { path: `${MODULES}.*${EDGE}` },
    { path: STORE },
  ),
  rule(
    'only-roots-know-the-edge',
    'Services and repositories know no router, resolver or job.',
    { path: [MODULES, PLATFORM], pathNot: [TEST, EDGE] },
    { path: `${MODULES}.*${EDGE}` },
  ),
  rule('repository-knows-no-service', 'SQL stands below the use cases.', { path: STORE }, { path: '/service[.]ts$' }),
  rule(
    'rules-are-pure',
    'rules.ts computes; it talks to nothing.',
    { path: `${MODULES}.*/rules[.]ts$` },
    { path: [STORE, '/service[.]ts$', `${PLATFORM}(db|http|jobs|mail|log|cache|storage)`], dependencyTypesNot: ['type-only'] },
  ),
  rule(
    'schemas-and-errors-are-leaves',
    'Schemas and errors are read by the others and read none of them.',
    { path: `${MODULES}.*/(schemas|errors)[.]ts$` },
    { path: [STORE, '/service[.]ts$'] },
  ),
]

const layers = [
  rule('platform-knows-no-module', 'The platform knows no module.', { path: PLATFORM, pathNot: TEST }, { path: MODULES }),
  rule('roots-are-on-top', 'Only a root starts a root.', { path: [MODULES, PLATFORM], pathNot: TEST }, { path: ROOTS }),
  rule(
    'tests-stay-outside',
    'Shipped code uses neither test helpers, proofs nor demo data (a root may seed).',
    { path: '^apps/api/src/', pathNot: [TEST, '^apps/api/src/testing/', ROOTS] },
    { path: '^apps/api/(src/testing|prove|seeds)/' },
  ),
  rule(
    'roots-use-no-test-helpers',
    'Shipped code uses neither test helpers nor proofs.',
    { path: ROOTS, pathNot: TEST },
    { path: '^apps/api/(src/testing|prove)/' },
  ),
]

const WEB = '^apps/web/src/'

const web = [
  rule(
    'api-and-web-meet-in-the-contract',
    'The web app knows the API by packages/contract alone, and the API knows nothing of the web app.',
    { path: '^apps/(api|web)/(src|seeds)/' },
    { path: '^apps/(api|web)/', pathNot: '^apps/$1/' },
  ),
  rule(
    'pages-are-on-top',
    'Features are shown by routes and know none; the parts below features know no feature.',
    { path: `${WEB}features/` },
    { path: `${WEB}(routes|app)/` },
  ),
  rule(
    'ui-knows-no-feature',
    'What looks the same everywhere knows no feature.',
    { path: `${WEB}(ui|lib)/` },
    { path: `${WEB}(features|routes|app)/` },
  ),
  rule('lib-knows-no-ui', 'Formats, texts and the client draw nothing.', { path: `${WEB}lib/` }, { path: `${WEB}ui/` }),
]

const hygiene = [
  rule(
    'no-cycle',
    'Files that run each other in a circle cannot be read one by one.',
    {},
    {
      circular: true,
      viaOnly: { dependencyTypesNot: ['type-only'] },
    },
  ),
  rule('resolvable', 'This import leads nowhere.', {}, { couldNotResolve: true }),
  rule(
    'runtime-dependencies-only',
    'Shipped code needs its packages in "dependencies".',
    { path: '^apps/api/(src|seeds)/', pathNot: [TEST, '^apps/api/src/testing/'] },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  ),
]

export const rules: IForbiddenRuleType[] = [
  ...[...allowed].map(moduleRule),
  ...acrossModules,
  ...insideModules,
  ...layers,
  ...web,
  ...hygiene,
]
