import { useState } from 'preact/hooks'
import type { OnTable } from './app.tsx'
import { FaultsPane } from './faults-pane.tsx'
import type { Live } from './live.ts'
import { LogPane } from './log-pane.tsx'
import { PeoplePane } from './people-pane.tsx'

type Props = {
  readonly live: Live
  readonly zone: string
  readonly table: readonly OnTable[]
  readonly toggle: (phone: OnTable) => void
}
type Tab = 'log' | 'people' | 'faults'

export const Panel = ({ live, zone, table, toggle }: Props) => {
  const [tab, setTab] = useState<Tab>('log')
  const tabs: readonly (readonly [Tab, string])[] = [
    ['log', '日志'],
    ['people', `人员 ${live.people.length}`],
    ['faults', live.faults.length > 0 ? `故障 ${live.faults.length}` : '故障'],
  ]
  return (
    <aside class="panel" aria-label="日志与设置">
      <div class="tabs" role="tablist">
        {tabs.map(([name, label]) => (
          <button type="button" role="tab" key={name} aria-selected={tab === name} onClick={() => setTab(name)}>
            {label}
          </button>
        ))}
      </div>
      {tab === 'log' && <LogPane lines={live.lines} zone={zone} />}
      {tab === 'people' && <PeoplePane people={live.people} table={table} toggle={toggle} />}
      {tab === 'faults' && <FaultsPane faults={live.faults} profile={live.profile} />}
    </aside>
  )
}
