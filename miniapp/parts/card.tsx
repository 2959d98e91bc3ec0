import type { PageCard } from '../../src/webhooks/miniapp.ts'

/** Title, code and facts. Colour repeats what the words say and never stands alone. */
export const CardHead = ({ card }: { readonly card: PageCard }) => (
  <header class={`head ${card.tone}`}>
    <h1>{card.title}</h1>
    {card.subtitle !== '' && <p class="code">{card.subtitle}</p>}
  </header>
)

export const CardBody = ({ card }: { readonly card: PageCard }) => (
  <section class="panel">
    {card.note !== '' && <p class="note">{card.note}</p>}
    <p class="body">{card.body}</p>
    <dl class="facts">
      {card.facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  </section>
)
