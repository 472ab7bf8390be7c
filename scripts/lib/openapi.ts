import { root } from './files.ts'
import { runNode, tools } from './run.ts'

type Report = { problems: { ruleId: string; message: string; location: { pointer?: string }[] }[] }

/** What Redocly finds wrong with an OpenAPI document, one sentence each, rule first. */
export const lintOpenapi = async (file: string): Promise<string[]> => {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  const { code, stdout, output } = await runNode(
    [tools.redocly, 'lint', file, '--config', `${root}/scripts/redocly.yaml`, '--format', 'json', '--max-problems', '1000'],
    { env },
  )
  if (!stdout.trimStart().startsWith('{')) return [`Redocly did not run:\n${output}`]
  const { problems } = JSON.parse(stdout) as Report
  const found = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? ''})`)
  return code !== 0 && found.length === 0 ? [output] : found
}
