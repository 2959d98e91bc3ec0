import { useEffect, useState } from 'preact/hooks'
import { api, type Settled } from './api.ts'
import type { Live } from './live.ts'
import { because, day, platformNames, secondsTime } from './words.ts'

const steps: readonly (readonly [label: string, minutes: number])[] = [
  ['+5 min', 5],
  ['+15 min', 15],
  ['+2 h', 120],
  ['+48 h', 2_880],
]

const useNow = (offset: number): number => {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const beat = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(beat)
  }, [])
  return now + offset
}

type Props = { readonly live: Live; readonly zone: string; readonly panel: boolean; readonly togglePanel: () => void }

export const ClockBar = ({ live, zone, panel, togglePanel }: Props) => {
  const [moving, setMoving] = useState('')
  const [trouble, setTrouble] = useState('')
  const now = useNow(live.time?.offset ?? 0)
  const move = async (label: string, act: () => Promise<Settled>) => {
    setMoving(label)
    setTrouble('')
    try {
      const end = await act()
      if (!end.settled) setTrouble(end.waiting.join('、'))
    } catch (error) {
      setTrouble(because(error))
    }
    setMoving('')
    live.look()
  }
  return (
    <header class="bar">
      <h1>
        <span class="lamp" aria-hidden="true" />
        安灯<small>沙盘{live.plant ? ` · ${live.plant.site.name}` : ''}</small>
      </h1>
      <div class="clock">
        <time dateTime={new Date(now).toISOString()}>
          <b>{secondsTime(now, zone)}</b> <span>{day(now, zone)}</span>
        </time>
        <fieldset class="steps" aria-label="快进时间">
          {steps.map(([label, minutes]) => (
            <button type="button" key={label} disabled={moving !== ''} onClick={() => move(label, () => api.advance(minutes))}>
              {label}
            </button>
          ))}
        </fieldset>
        <SettleState live={live} moving={moving} trouble={trouble} settle={() => move('settle', api.settle)} />
      </div>
      <Doors live={live} />
      <button type="button" class="panel-toggle" aria-pressed={panel} onClick={togglePanel}>
        日志与设置
      </button>
    </header>
  )
}

type SettleProps = { readonly live: Live; readonly moving: string; readonly trouble: string; readonly settle: () => void }

const SettleState = ({ live, moving, trouble, settle }: SettleProps) => {
  const waiting = live.time?.waiting ?? []
  const [look, words] = ((): readonly [string, string] => {
    if (moving !== '') return ['moving', moving === 'settle' ? '等待平静…' : `快进 ${moving}…`]
    if (trouble !== '') return ['trouble', trouble]
    if (waiting.length > 0) return ['waiting', `等待：${waiting.join('、')}`]
    return ['quiet', '已平静']
  })()
  return (
    <button
      type="button"
      class={`settle ${look}`}
      title={`${words}（点按等待两边都平静）`}
      disabled={moving !== ''}
      onClick={settle}
    >
      <i aria-hidden="true" />
      <span class="state" role="status">
        {words}
      </span>
    </button>
  )
}

const Doors = ({ live }: { readonly live: Live }) => (
  <ul class="doors" aria-label="连接">
    {live.profile?.connections.map(({ id, platform, door, open }) => (
      <li
        key={id}
        class={door === 'http' || open > 0 ? 'open' : 'shut'}
        title={`${id} · ${door === 'http' ? 'HTTP 回调' : `长连接 ${open}`}`}
      >
        {platformNames[platform]}
        <small class="how">{door === 'http' ? '回调' : open > 0 ? '长连接' : '未连接'}</small>
      </li>
    ))}
  </ul>
)
