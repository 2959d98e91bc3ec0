import type { Failure } from '../api.ts'
import { words } from '../words.ts'

type Words = { readonly title: string; readonly text: string }

const wordsFor = (failure: Failure): Words => {
  if (failure.kind === 'offline') return words.troubles.offline
  const { error, text } = failure
  if (error === 'no-session' || error === 'not-found') return { ...words.troubles[error], text }
  return { ...words.troubles.other, text }
}

/** Trying again helps against everything but these. */
const isFinal = (failure: Failure): boolean => failure.kind === 'error' && failure.error === 'no-session'

/** Instead of the page: what is wrong and what to do. */
export const Trouble = ({ failure, retry }: { readonly failure: Failure; readonly retry: () => void }) => {
  const { title, text } = wordsFor(failure)
  return (
    <main class="page">
      <section class="panel trouble" role="alert">
        <h1>{title}</h1>
        <p>{text}</p>
        {!isFinal(failure) && (
          <button type="button" class="primary" onClick={retry}>
            {words.retry}
          </button>
        )}
      </section>
    </main>
  )
}

/** Above the page: a press that may not have arrived. What was typed stands below it. */
export const Unsent = (props: { readonly said: string | null; readonly retry: () => void; readonly busy: boolean }) => (
  <section class="unsent" role="alert">
    <h2>{props.said ?? words.troubles.unsent.title}</h2>
    <p>{words.troubles.unsent.text}</p>
    <button type="button" class="primary" disabled={props.busy} onClick={props.retry}>
      {props.busy ? words.sending : words.retry}
    </button>
  </section>
)
