import { useState } from 'preact/hooks'
import { api, type Fault, type Profile } from './api.ts'
import { because, faultNames, platformNames, vendors } from './words.ts'

type Props = { readonly faults: readonly Fault[]; readonly profile: Profile | null }

const asOrder = (form: FormData): object => {
  const text = (name: string) => String(form.get(name) ?? '')
  const number = (name: string) => (text(name) === '' ? {} : { [name]: Number(text(name)) })
  const surface = text('surface') === '' ? {} : { surface: text('surface') }
  return {
    name: text('name'),
    ...surface,
    seed: Number(text('seed')),
    share: Number(text('share')) / 100,
    ...number('times'),
    ...number('seconds'),
  }
}

export const FaultsPane = ({ faults, profile }: Props) => {
  const [trouble, setTrouble] = useState('')
  const attempt = async (act: () => Promise<unknown>) => {
    setTrouble('')
    await act().catch((error: unknown) => setTrouble(because(error)))
  }
  return (
    <div class="pane faults">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void attempt(() => api.addFault(asOrder(new FormData(event.currentTarget))))
        }}
      >
        <label>
          故障
          <select name="name">
            {faultNames.map(([name, what]) => (
              <option key={name} value={name}>
                {what}（{name}）
              </option>
            ))}
          </select>
        </label>
        <label>
          平台
          <select name="surface">
            <option value="">全部</option>
            {vendors.map((name) => (
              <option key={name} value={name}>
                {platformNames[name]}
              </option>
            ))}
          </select>
        </label>
        <Figure name="share" label="概率 %" value="100" most={100} />
        <Figure name="times" label="最多次数" value="" most={1_000_000} />
        <Figure name="seconds" label="秒" value="5" most={86_400} />
        <Figure name="seed" label="种子" value="1" most={4_294_967_295} />
        <button type="submit" class="go">
          注入故障
        </button>
        <button type="button" disabled={faults.length === 0} onClick={() => attempt(api.clearFaults)}>
          全部清除
        </button>
      </form>
      {trouble !== '' && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      <ul class="active">
        {faults.map((fault) => (
          <li key={fault.id}>
            <b>{faultNames.find(([name]) => name === fault.name)?.[1] ?? fault.name}</b>
            <span class="where">
              {fault.surface ? platformNames[fault.surface] : '全部平台'} · {Math.round(fault.share * 100)}%
              {fault.times === null ? '' : ` · 最多 ${fault.times} 次`}
            </span>
            <em>
              命中 {fault.struck}/{fault.asked}
            </em>
          </li>
        ))}
      </ul>
      <fieldset>
        <legend>平台额度与限流</legend>
        {(['strict', 'unmetered'] as const).map((quotas) => (
          <label key={quotas}>
            <input
              type="radio"
              name="quotas"
              checked={profile?.quotas === quotas}
              onChange={() => attempt(() => api.setProfile({ quotas }))}
            />
            {quotas === 'strict' ? '照文档严格执行' : '不限'}
          </label>
        ))}
      </fieldset>
    </div>
  )
}

type FigureProps = { readonly name: string; readonly label: string; readonly value: string; readonly most: number }

const Figure = ({ name, label, value, most }: FigureProps) => (
  <label>
    {label}
    <input type="number" name={name} defaultValue={value} min={0} max={most} placeholder="不限" />
  </label>
)
