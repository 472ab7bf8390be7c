import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'
import { parse } from 'yaml'

type Job = { needs?: string[]; if?: string; steps: { run?: string }[] }
type Workflow = { on: { push: { branches: string[] }; pull_request: { branches: string[] } }; jobs: Record<string, Job> }

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const { on, jobs } = parse(read('.github/workflows/ci.yml')) as Workflow
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

const commandsOf = ({ steps }: Job) => steps.map(({ run = '' }) => run).join('\n')

test('R-233: GitHub runs the checks, the tests with their coverage and the gates on what is pushed and on what is proposed', () => {
  expect(on).toEqual({ push: { branches: ['main', 'develop'] }, pull_request: { branches: ['main'] } })
  const commands = Object.values(jobs).map(commandsOf).join('\n')
  const named = [...commands.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
  for (const name of ['check', 'test:api', 'test:web', 'test:e2e', 'prove']) expect(named).toContain(name)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
  expect(commands).toContain('--coverage')
})

test('R-233: the server gets what is on main alone, and only when everything else was green', () => {
  const { deploy, ...others } = jobs
  expect(deploy?.needs?.toSorted()).toEqual(Object.keys(others).toSorted())
  expect(deploy?.if).toMatch(/github\.event_name == 'push' && github\.ref == 'refs\/heads\/main'/)
})
