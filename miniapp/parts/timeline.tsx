import type { CaseView } from '../../src/webhooks/miniapp.ts'
import { words } from '../words.ts'

export const Timeline = ({ lines, earlier }: { readonly lines: CaseView['timeline']; readonly earlier: boolean }) => (
  <section class="panel">
    <h2>{words.history}</h2>
    <ol class="timeline">
      {lines.map((line, index) => (
        <li key={lines.length - index}>
          <time dateTime={line.at}>{line.time}</time>
          <strong>{line.who}</strong>
          <span>{line.what}</span>
        </li>
      ))}
    </ol>
    {earlier && <p class="quiet">{words.earlier}</p>}
  </section>
)
