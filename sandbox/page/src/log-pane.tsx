import { useState } from 'preact/hooks'
import type { Line, VendorName } from './api.ts'
import { platformNames, secondsTime, vendors } from './words.ts'

export const LogPane = ({ lines, zone }: { readonly lines: readonly Line[]; readonly zone: string }) => {
  const [only, setOnly] = useState<VendorName | null>(null)
  const [open, setOpen] = useState<number | null>(null)
  const shown = lines.filter(({ surface }) => only === null || surface === only).toReversed()
  return (
    <div class="pane log">
      <fieldset class="chips" aria-label="平台">
        <button type="button" aria-pressed={only === null} onClick={() => setOnly(null)}>
          全部
        </button>
        {vendors.map((name) => (
          <button type="button" key={name} aria-pressed={only === name} onClick={() => setOnly(name)}>
            {platformNames[name]}
          </button>
        ))}
      </fieldset>
      {shown.length === 0 && <p class="hint">平台和服务之间的每个字节都会记在这里。</p>}
      <ol>
        {shown.map((line) => (
          <li key={line.id}>
            <button
              type="button"
              class="line"
              aria-expanded={open === line.id}
              onClick={() => setOpen(open === line.id ? null : line.id)}
            >
              <time>{secondsTime(line.at, zone)}</time>
              <i class={line.surface} title={platformNames[line.surface]} />
              <b title={line.direction === 'to-service' ? '平台 → 服务' : '服务 → 平台'}>
                {line.direction === 'to-service' ? '↓' : '↑'}
              </b>
              <span>{line.what}</span>
              <em class={line.status === null ? '' : line.status < 400 ? 'ok' : 'bad'}>{line.status ?? '–'}</em>
            </button>
            {open === line.id && <Bytes line={line} />}
          </li>
        ))}
      </ol>
    </div>
  )
}

const pretty = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

const Bytes = ({ line }: { readonly line: Line }) => (
  <div class="bytes">
    <h4>{line.direction === 'to-service' ? '平台发出' : '服务请求'}</h4>
    <pre>{pretty(line.request) || '（空）'}</pre>
    <h4>应答</h4>
    <pre>{pretty(line.response) || '（空）'}</pre>
  </div>
)
