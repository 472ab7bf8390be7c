import { readImports } from '../imports/cruise.ts'
import { rules } from '../imports/rules.ts'
import { withTemporaryFolder, writeTree } from '../lib/files.ts'

const SRC = 'apps/api/src'
const WEB = 'apps/web/src'
const MODULES = `${SRC}/modules`

/** each of these files is wrong in exactly one way. */
const forbidden: [file: string, text: string, rule: string][] = [
  [`${SRC}/platform/cache.ts`, `import { Id } from '#modules/users/schemas.ts'`, 'platform-knows-no-module'],
  [`${SRC}/platform/mail.ts`, `import type { UsersService } from '#modules/users/service.ts'`, 'platform-knows-no-module'],
  [`${MODULES}/genres/service.ts`, `import type { MoviesService } from '#modules/movies/service.ts'`, 'order-of-genres'],
  [`${MODULES}/sessions/service.ts`, `import type { TicketsService } from '#modules/tickets/service.ts'`, 'order-of-sessions'],
  [`${MODULES}/payments/service.ts`, `import type { SeatsService } from '#modules/seats/service.ts'`, 'order-of-payments'],
  [`${MODULES}/payments/refund.ts`, `import { Order } from '#modules/orders/schemas.ts'`, 'order-of-payments'],
  [
    `${MODULES}/checkout/return/cancel.ts`,
    `import type { SearchService } from '#modules/search/service.ts'`,
    'order-of-checkout',
  ],
  [`${MODULES}/reports/service.ts`, `import type { SearchService } from '#modules/search/service.ts'`, 'order-of-reports'],
  [`${MODULES}/health/router.ts`, `import type { UsersService } from '#modules/users/service.ts'`, 'order-of-health'],
  [`${MODULES}/snacks/service.ts`, `import { money } from '#platform/money.ts'`, 'module-is-in-the-order'],
  [`${MODULES}/tickets/issue.ts`, `import { createOrders } from '#modules/orders/service.ts'`, 'foreign-service-as-type'],
  [
    `${MODULES}/tickets/both.ts`,
    `import type { OrdersService } from '#modules/orders/service.ts'\nimport { createOrders } from '#modules/orders/service.ts'`,
    'foreign-service-as-type',
  ],
  [`${MODULES}/tickets/lazy.ts`, `export const later = () => import('#modules/orders/service.ts')`, 'foreign-service-as-type'],
  [`${MODULES}/tickets/print.ts`, `import { find } from '#modules/orders/repository.ts'`, 'foreign-face-only'],
  [`${MODULES}/tickets/check.ts`, `import type { find } from '../orders/repository.ts'`, 'foreign-face-only'],
  [`${MODULES}/tickets/move.ts`, `import { code } from '#modules/orders/code.ts'`, 'foreign-face-only'],
  [`${MODULES}/users/router.ts`, `import * as repository from './repository.ts'`, 'edge-knows-no-repository'],
  [`${MODULES}/users/me.router.ts`, `import { find } from './repository.ts'`, 'edge-knows-no-repository'],
  [`${MODULES}/users/jobs.ts`, `import { hold } from './hold.statement.ts'`, 'edge-knows-no-repository'],
  [`${MODULES}/movies/list.ts`, `import { moviesRouter } from './router.ts'`, 'only-roots-know-the-edge'],
  [`${MODULES}/halls/repository.ts`, `import type { HallsService } from './service.ts'`, 'repository-knows-no-service'],
  [`${MODULES}/halls/rules.ts`, `import { transaction } from '#platform/db/kysely.ts'`, 'rules-are-pure'],
  [`${MODULES}/halls/schemas.ts`, `import type { HallsService } from './service.ts'`, 'schemas-and-errors-are-leaves'],
  [`${MODULES}/halls/build.ts`, `import { buildApp } from '#app'`, 'roots-are-on-top'],
  [`${MODULES}/halls/fill.ts`, `import { given } from '#testing/factories.ts'`, 'tests-stay-outside'],
  [`${MODULES}/halls/demo.ts`, `import { seed } from '#seeds/demo.ts'`, 'tests-stay-outside'],
  [`${SRC}/cli.ts`, `import { given } from '#testing/factories.ts'`, 'roots-use-no-test-helpers'],
  [`${MODULES}/movies/chicken.ts`, `import { egg } from './egg.ts'`, 'no-cycle'],
  [`${MODULES}/movies/lost.ts`, `import { gone } from './gone.ts'`, 'resolvable'],
  [`${MODULES}/movies/typo.ts`, `import { gone } from '#platform/gone.ts'`, 'resolvable'],
  [`${MODULES}/movies/tool.ts`, `import { tool } from 'a-dev-tool'`, 'runtime-dependencies-only'],
  [
    `${WEB}/features/films/sql.ts`,
    `import { money } from '../../../../api/src/platform/money.ts'`,
    'api-and-web-meet-in-the-contract',
  ],
  [`${WEB}/features/films/link.ts`, `import { homeRoute } from '#routes/home.ts'`, 'pages-are-on-top'],
  [`${WEB}/ui/card.tsx`, `import { Film } from '#features/films/film.tsx'`, 'ui-knows-no-feature'],
  [`${WEB}/lib/draw.ts`, `import { Poster } from '#ui/poster.tsx'`, 'lib-knows-no-ui'],
]

/** None of these may be found, or the rules would stand in the way. */
const legal: Record<string, string> = {
  [`${SRC}/app.ts`]: `import { createOrders } from '#modules/orders/service.ts'
import { moviesRouter } from '#modules/movies/router.ts'
import { seed } from '#seeds/demo.ts'`,
  [`${MODULES}/orders/service.ts`]: `import type { UsersService } from '#modules/users/service.ts'
import { Order } from './schemas.ts'
import * as repository from './repository.ts'
import { tool } from 'a-library'`,
  [`${MODULES}/orders/schemas.ts`]: `import { Id } from '#modules/users/schemas.ts'`,
  [`${MODULES}/checkout/pay/pay.ts`]: `import { orderGone } from '#modules/orders/errors.ts'`,
  [`${MODULES}/orders/repository.ts`]: `import { transaction } from '#platform/db/kysely.ts'`,
  [`${MODULES}/orders/errors.ts`]: `import { money } from '#platform/money.ts'`,
  [`${MODULES}/orders/orders.test.ts`]: `import { given } from '#testing/factories.ts'
import { find } from '#modules/tickets/repository.ts'
import { buildApp } from '#app'
import { tool } from 'a-dev-tool'`,
  [`${MODULES}/movies/router.ts`]: `import type { MoviesService } from './service.ts'`,
  [`${MODULES}/movies/service.ts`]: `import type { moviesRouter } from './list-types.ts'`,
  [`${MODULES}/movies/egg.ts`]: `import { chicken } from './chicken.ts'`,
  [`${MODULES}/movies/list-types.ts`]: `import type { MoviesService } from './service.ts'`,
  [`${MODULES}/search/service.ts`]: `import { find } from '#modules/orders/repository.ts'`,
  [`${SRC}/testing/factories.ts`]: `import { createOrders } from '#modules/orders/service.ts'\nimport { tool } from 'a-dev-tool'`,
  [`${WEB}/features/films/film.tsx`]: `import { Poster } from '#ui/poster.tsx'\nimport type { money } from '#lib/money.ts'`,
  [`${WEB}/routes/home.ts`]: `export const page = () => import('#features/films/film.tsx')`,
  'apps/api/prove/storm.ts': `import { given } from '#testing/factories.ts'`,
  'apps/api/seeds/demo.ts': `import { Order } from '#modules/orders/schemas.ts'`,
}

const bare = [
  'users/service',
  'users/schemas',
  'users/repository',
  'users/hold.statement',
  'tickets/service',
  'tickets/repository',
  'orders/code',
  'seats/service',
  'halls/service',
]
const bareFiles = [
  `${WEB}/ui/poster.tsx`,
  `${WEB}/lib/money.ts`,
  ...bare.map((name) => `${MODULES}/${name}.ts`),
  `${SRC}/platform/money.ts`,
  `${SRC}/platform/db/kysely.ts`,
]

const packages = {
  'package.json': '{ "private": true }',
  'apps/api/package.json': JSON.stringify({
    type: 'module',
    imports: {
      '#platform/*': './src/platform/*',
      '#modules/*': './src/modules/*',
      '#testing/*': './src/testing/*',
      '#seeds/*': './seeds/*',
      '#app': './src/app.ts',
    },
    dependencies: { 'a-library': '1.0.0' },
    devDependencies: { 'a-dev-tool': '1.0.0' },
  }),
  'apps/web/package.json': JSON.stringify({
    type: 'module',
    imports: { '#routes/*': './src/routes/*', '#features/*': './src/features/*', '#ui/*': './src/ui/*', '#lib/*': './src/lib/*' },
  }),
  ...Object.fromEntries(
    ['a-library', 'a-dev-tool'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
      [`node_modules/${name}/index.js`, 'export const tool = 1'],
    ]),
  ),
}

const compare = (found: string[], expected: string[]) => [
  ...expected.filter((line) => !found.includes(line)).map((line) => `not refused: ${line}`),
  ...found.filter((line) => !expected.includes(line)).map((line) => `refused without reason: ${line}`),
]

const unproven = () => {
  const proven = forbidden.map(([, , rule]) => rule)
  return rules.map(({ name }) => name ?? '').filter((name) => !name.startsWith('order-of-') && !proven.includes(name))
}

/** Shows that each kind of forbidden import is found, and nothing else. */
export const importsSelfTest = (): Promise<string[]> =>
  withTemporaryFolder(async (folder) => {
    writeTree(folder, packages)
    writeTree(folder, Object.fromEntries(bareFiles.map((path) => [path, 'export const value = 1\n'])))
    writeTree(folder, legal)
    writeTree(folder, Object.fromEntries(forbidden.map(([file, text]) => [file, text])))
    const { findings } = await readImports(folder)
    const found = findings.map(({ from, rule }) => `${from} (${rule})`)
    const expected = forbidden.map(([file, , rule]) => `${file} (${rule})`)
    return [...compare(found, expected), ...unproven().map((name) => `no example breaks the rule ${name}`)]
  })
