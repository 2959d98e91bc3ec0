/**
 * Photos beside everything else: words come at a steady rate, once alone and once while photos of 12 megapixels pour in; compared is how long the answers to the words take.
 * Development of photos goes on behind; how many were fetched by then is said.
 */
import { quantile } from './figures.ts'
import { platforms } from './plant.ts'
import type { Service } from './service.ts'
import { checked, type Stage } from './stage.ts'
import { connections, nextRun } from './throughput.ts'

const perSecond = 100

const words = async (stage: Stage, service: Service, seconds: number): Promise<readonly number[]> => {
  await service.nextMinute()
  const count = perSecond * seconds
  const load = { kind: 'messages', platforms, count, run: nextRun(), firstWorker: 0, pictures: false } as const
  const outcome = await stage.fire({ port: service.port, connections, perSecond, offset: service.offset(), load, must: '' })
  checked(stage, 'words beside photos', outcome)
  return outcome.latencies
}

/** From workers who have written nothing in the last minute. */
const pictures = async (stage: Stage, service: Service): Promise<void> => {
  const { photos, messages } = stage.settings
  const firstWorker = Math.max(0, messages - photos)
  const load = {
    kind: 'messages',
    platforms: ['feishu'],
    count: photos,
    run: nextRun(),
    firstWorker,
    pictures: 'camera',
  } as const
  const outcome = await stage.fire({ port: service.port, connections, perSecond: null, offset: service.offset(), load, must: '' })
  checked(stage, 'photos', outcome)
}

/** Last of all rows on this service: what it leaves is not waited for. */
export const photoBurst = async (stage: Stage, service: Service): Promise<void> => {
  stage.say('photos beside words')
  const seconds = Math.max(6, stage.settings.seconds)
  await service.settled(60_000)
  await words(stage, service, 2)
  await service.settled(60_000)
  const idle = quantile(await words(stage, service, seconds), 0.99)
  await service.settled(60_000)
  await service.nextMinute()
  await stage.collect()
  await pictures(stage, service)
  const beside = quantile(await words(stage, service, seconds), 0.99)
  const { files } = await stage.collect()
  stage.sheet.put({ name: 'answer to words: p99, idle', unit: 'ms' }, idle)
  stage.sheet.put(
    {
      ...{
        name: `answer to words: p99, beside ${stage.settings.photos} photos`,
        unit: 'ms',
        reference: 'answer to words: p99, idle',
      },
      target: { of: 'ratio', most: 2 },
    },
    beside,
    `${files} photos fetched by the end of the row`,
  )
}
