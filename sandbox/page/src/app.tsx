import { useEffect, useState } from 'preact/hooks'
import type { Person, VendorName } from './api.ts'
import { ClockBar } from './clock-bar.tsx'
import { useLive } from './live.ts'
import { Panel } from './panel.tsx'
import { Phone } from './phone.tsx'

/** A phone on the table: one person on one platform. */
export type OnTable = { readonly person: string; readonly platform: VendorName }

const firstTable: readonly OnTable[] = [
  { person: 'zhang-wei', platform: 'feishu' },
  { person: 'li-na', platform: 'dingtalk' },
  { person: 'wang-qiang', platform: 'wecom' },
]
const key = 'andon-sandbox-phones'

const remembered = (): readonly OnTable[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return Array.isArray(kept) && kept.length > 0 ? kept : firstTable
  } catch {
    return firstTable
  }
}

const same = (a: OnTable, b: OnTable): boolean => a.person === b.person && a.platform === b.platform

export const App = () => {
  const [table, setTable] = useState(remembered)
  const [panel, setPanel] = useState(() => innerWidth > 900)
  const live = useLive([...new Set(table.map(({ person }) => person))])
  const zone = live.plant?.site.timeZone ?? 'Asia/Shanghai'
  useEffect(() => localStorage.setItem(key, JSON.stringify(table)), [table])
  const toggle = (phone: OnTable) =>
    setTable((all) => (all.some((one) => same(one, phone)) ? all.filter((one) => !same(one, phone)) : [...all, phone]))
  const known = table.flatMap((phone) => {
    const person = live.people.find(({ id }) => id === phone.person)
    return person?.platforms.includes(phone.platform) ? [{ ...phone, person }] : []
  })
  return (
    <div class={panel ? 'desk with-panel' : 'desk'}>
      <ClockBar live={live} zone={zone} panel={panel} togglePanel={() => setPanel(!panel)} />
      {!live.connected && (
        <p class="offline" role="alert">
          沙盘没有应答，页面会自动重连。
        </p>
      )}
      <main class="table" aria-label="手机">
        {known.map(({ person, platform }) => (
          <Phone
            key={`${person.id}/${platform}`}
            person={person}
            platform={platform}
            messages={live.phones[person.id] ?? null}
            live={live}
            zone={zone}
            remove={() => toggle({ person: person.id, platform })}
          />
        ))}
        {known.length === 0 && <Empty people={live.people} />}
      </main>
      {panel && <Panel live={live} zone={zone} table={table} toggle={toggle} />}
    </div>
  )
}

const Empty = ({ people }: { readonly people: readonly Person[] }) => (
  <p class="empty-table">{people.length === 0 ? '正在打开沙盘…' : '桌上没有手机。在右侧“人员”里放上一部。'}</p>
)
