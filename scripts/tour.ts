/**
 * `npm run tour`: plays the product's tour by itself on a plant of its own; `-- 3 7` plays some scenes, `-- --here 13` on the phones of a demo that is running
 * (`npm start` on the usual ports, or SANDBOX_URL), `-- --print` prints the script.
 */
import { type Language, play, tourPage } from './tour-play.ts'
import { scenes } from './tour-script.ts'
import { openTourStage } from './tour-stage.ts'

const language: Language = /^zh/i.test(process.env.LC_ALL || process.env.LANG || '') ? 'zh' : 'en'

const demo = process.env.SANDBOX_URL ?? 'http://127.0.0.1:8090'
/** The demo that is running, which is left as it is afterwards. */
const openHere = () => ({ sandbox: demo, close: () => Promise.resolve() })

const run = async (args: readonly string[]): Promise<number> => {
  const isHere = args[0] === '--here'
  const only = args.slice(isHere ? 1 : 0).map(Number)
  if (!only.every((one) => Number.isInteger(one) && one >= 1 && one <= scenes.length)) {
    console.error(`Scenes are numbered from 1 to ${scenes.length}.`)
    return 2
  }
  const begun = performance.now()
  const stage = isHere ? openHere() : await openTourStage()
  try {
    const done = await play({ url: stage.sandbox, scenes, only, language, print: (line) => console.log(line) })
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1)
    console.log(
      `\ntour: ${done.scenes} scenes, ${done.steps} steps, ${done.looked} messages compared, ${done.failed === null ? 0 : 1} failed, ${seconds} s`,
    )
    return done.failed === null ? 0 : 1
  } finally {
    await stage.close()
  }
}

const args = process.argv.slice(2)
if (args.includes('--print')) process.stdout.write(tourPage(scenes))
else process.exitCode = await run(args)
