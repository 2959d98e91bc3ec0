/** Pages of cards as a phone's browser opens them: a signed link once, then what stands on the page and the buttons on it. */

type Action = { readonly key: string; readonly label: string }
/** What a page shows, as far as the tour and the stories look at it. */
export type Shown = {
  readonly subject: string
  readonly card: {
    readonly title: string
    readonly tone: string
    readonly body: string
    readonly facts: readonly { readonly label: string; readonly value: string }[]
    readonly form: readonly { readonly name: string }[]
    readonly actions: readonly Action[]
  }
}
export type Pressing = {
  /** The command that the button stands for, or its label. */
  readonly button: string
  readonly form?: Readonly<Record<string, string>>
  /** What the button answers by itself, where there are several of one command. */
  readonly argument?: string
}
export type Page = {
  readonly subject: string
  readonly look: () => Promise<Shown>
  /** Gives the words of the answer. Throws when the page offers no such button. */
  readonly press: (pressing: Pressing) => Promise<string>
}
type Opened = { readonly url: string; readonly session: { readonly cookie: string } }

const keyForm = /^[a-z-]+\.([A-Za-z]+):[^@]+@\d+(?:~(.+))?$/
/** The command and the argument of a button. */
export const partsOf = ({ key }: Action): { readonly command: string; readonly argument: string | undefined } => {
  const [, command = '', argument] = keyForm.exec(key) ?? []
  return { command, argument }
}

let presses = 0
/** Chosen anew for each press, so that none is taken for another. */
const freshKey = (): string => {
  presses += 1
  return `press-${String(presses).padStart(6, '0')}`
}

const read = async (response: Response): Promise<unknown> => {
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${response.url} answered ${response.status}: ${text.slice(0, 300)}`)
  return JSON.parse(text)
}

/** The page behind an address that the sandbox has followed. Throws when the address leads to no page. */
export const pageAt = ({ url, session }: Opened): Page => {
  const [, subject] = /\/c\/([a-z]{3}_[0-9a-z]+)/.exec(url) ?? []
  if (subject === undefined) throw new Error(`${url} is no page of a card`)
  const at = new URL(`/api/cases/${subject}`, url).href
  const { cookie } = session
  const look = async (): Promise<Shown> => (await read(await fetch(at, { headers: { cookie } }))) as Shown
  const press: Page['press'] = async ({ button, form = {}, argument }) => {
    const { card } = await look()
    const found = card.actions.find((one) => {
      const parts = partsOf(one)
      return (parts.command === button || one.label === button) && (argument === undefined || parts.argument === argument)
    })
    if (!found)
      throw new Error(
        `the page «${card.title}» has no button ${button}, but ${card.actions.map(({ label }) => label).join(', ') || 'none'}`,
      )
    const response = await fetch(`${at}/commands`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', 'x-andon': '1' },
      body: JSON.stringify({ command: found.key, form, key: freshKey() }),
    })
    const { toast } = (await read(response)) as { readonly toast: { readonly text: string } | null }
    return toast?.text ?? ''
  }
  return { subject, look, press }
}
