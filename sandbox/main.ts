/** The sandbox as a process of its own: killing the service leaves it standing. Settings come from the environment, see README. */
import { z } from 'zod'
import { readDoors } from './connections.ts'
import { startSandbox } from './start.ts'

const settings = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(8090),
  SERVICE_URLS: z.string().default('http://127.0.0.1:8080'),
  ANDON_PLANT: z.string().min(1).optional(),
  ANDON_SANDBOX_CONNECTIONS: z.string().min(1).optional(),
  ANDON_SANDBOX_INTEGRATIONS: z.string().min(1).optional(),
  SANDBOX_DOORS: z.string().default(''),
  SANDBOX_SECRET: z.string().default(''),
  SANDBOX_SEED: z.coerce.number().int().min(0).default(1),
})

const start = async (): Promise<void> => {
  const env = settings.parse(process.env)
  const sandbox = await startSandbox({
    port: env.SANDBOX_PORT,
    services: env.SERVICE_URLS.split(',')
      .map((url) => url.trim())
      .filter((url) => url !== ''),
    doors: readDoors(env.SANDBOX_DOORS),
    secret: env.SANDBOX_SECRET,
    seed: env.SANDBOX_SEED,
    ...(env.ANDON_PLANT ? { plant: env.ANDON_PLANT } : {}),
    ...(env.ANDON_SANDBOX_CONNECTIONS ? { connections: env.ANDON_SANDBOX_CONNECTIONS } : {}),
    ...(env.ANDON_SANDBOX_INTEGRATIONS ? { integrations: env.ANDON_SANDBOX_INTEGRATIONS } : {}),
  })
  console.log(`sandbox ${sandbox.url}`)
  if (env.SANDBOX_SECRET === '') console.error('sandbox: SANDBOX_SECRET is empty, so the service will not let its clock be moved')
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)))
}

start().catch((error: unknown) => {
  console.error(error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error)
  process.exit(1)
})
