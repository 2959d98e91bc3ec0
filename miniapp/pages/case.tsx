import { useEffect, useState } from 'preact/hooks'
import type { CaseView } from '../../src/webhooks/miniapp.ts'
import { type Failure, load, type Toast } from '../api.ts'
import { type Action, Actions } from '../parts/actions.tsx'
import { CardBody, CardHead } from '../parts/card.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { CardForm, type Values } from '../parts/form.tsx'
import { Photos } from '../parts/photos.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { ToastBar } from '../parts/toast.tsx'
import { Trouble, Unsent } from '../parts/trouble.tsx'
import { words } from '../words.ts'
import { usePress } from './press.ts'

type Screen =
  | { readonly kind: 'loading' }
  | { readonly kind: 'view'; readonly view: CaseView }
  | { readonly kind: 'trouble'; readonly failure: Failure }
  | { readonly kind: 'ended'; readonly toast: Toast | null }

/** The case is read anew whenever somebody comes back to the page; without a network what was there stays. */
const useCase = (subject: string) => {
  const [screen, setScreen] = useState<Screen>({ kind: 'loading' })
  const refresh = async (): Promise<void> => {
    const loaded = await load(subject)
    setScreen((before) => {
      if (loaded.kind === 'view') return before.kind === 'ended' ? before : loaded
      return before.kind === 'view' && loaded.kind === 'offline' ? before : { kind: 'trouble', failure: loaded }
    })
  }
  useEffect(() => {
    const comeBack = () => {
      if (document.visibilityState === 'visible') void refresh()
    }
    void refresh()
    document.addEventListener('visibilitychange', comeBack)
    window.addEventListener('online', comeBack)
    window.addEventListener('pageshow', comeBack)
    return () => {
      document.removeEventListener('visibilitychange', comeBack)
      window.removeEventListener('online', comeBack)
      window.removeEventListener('pageshow', comeBack)
    }
  }, [subject])
  return { screen, setScreen, refresh }
}

/** The page of one case: what it is, what may be done, and what has happened. */
export const CasePage = ({ subject }: { readonly subject: string }) => {
  const { screen, setScreen, refresh } = useCase(subject)
  const [typed, setTyped] = useState<Values>({})
  const [toast, setToast] = useState<Toast | null>(null)
  const [asked, ask] = useState<Action | null>(null)
  const { sending, unsure, press, retry, dismiss } = usePress(subject, {
    show: (view, said) => {
      setScreen({ kind: 'view', view })
      if (said?.tone === 'success') setTyped({})
    },
    ended: (last) => setScreen({ kind: 'ended', toast: last }),
    say: setToast,
    lost: (failure) => {
      if (failure.kind === 'error' && failure.error !== 'no-session' && failure.error !== 'not-found')
        setToast({ tone: 'danger', text: failure.text })
      else setScreen({ kind: 'trouble', failure })
    },
  })

  const change = (name: string, value: string) => {
    dismiss()
    setTyped((before) => ({ ...before, [name]: value }))
  }

  if (screen.kind === 'loading') return <p class="loading">{words.loading}</p>
  if (screen.kind === 'trouble') return <Trouble failure={screen.failure} retry={() => void refresh()} />
  if (screen.kind === 'ended') return <Ended toast={screen.toast} />
  const { view } = screen
  const { card, reader } = view
  return (
    <main class="page">
      {toast && <ToastBar toast={toast} close={() => setToast(null)} />}
      {unsure && <Unsent said={unsure.said} retry={retry} busy={sending !== null} />}
      <CardHead card={card} />
      <CardBody card={card} />
      <Photos pictures={card.pictures} />
      <CardForm form={card.form} typed={typed} change={change} />
      {view.paper && (
        <p>
          <a class="paper" href={view.paper} target="_blank" rel="noopener">
            {words.paper}
          </a>
        </p>
      )}
      <Timeline lines={view.timeline} earlier={view.earlier} />
      <p class="quiet">
        {words.reader}：{reader.name}
      </p>
      <Actions
        actions={card.actions}
        sending={sending}
        press={(action) => (action.confirm ? ask(action) : press(action, view, typed))}
      />
      {asked && (
        <Confirm
          action={asked}
          no={() => ask(null)}
          yes={() => {
            ask(null)
            press(asked, view, typed)
          }}
        />
      )}
    </main>
  )
}

/** The reader's part in the case is over, and with it their right to see it. */
const Ended = ({ toast }: { readonly toast: Toast | null }) => (
  <main class="page">
    <section class="panel trouble" role="status">
      <h1>{toast?.text ?? words.done.title}</h1>
      <p>{words.done.text}</p>
    </section>
  </main>
)
