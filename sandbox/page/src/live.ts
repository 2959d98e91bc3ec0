/** What the page knows and how it hears of changes: it is told that something changed and asks for it again. */
import { useEffect, useRef, useState } from 'preact/hooks'
import {
  api,
  type Conversation,
  type Fault,
  type Line,
  type Message,
  type Person,
  type Plant,
  type Profile,
  type Time,
} from './api.ts'

/** Runs at most once per pause, and once more after the last call. */
const gathered = (pause: number, run: () => void): (() => void) => {
  let planned = false
  return () => {
    if (planned) return
    planned = true
    setTimeout(() => {
      planned = false
      run()
    }, pause)
  }
}

export type Phones = Readonly<Record<string, readonly Message[]>>

export type Live = {
  readonly people: readonly Person[]
  readonly plant: Plant | null
  readonly phones: Phones
  readonly conversations: readonly Conversation[]
  readonly lines: readonly Line[]
  readonly faults: readonly Fault[]
  readonly profile: Profile | null
  readonly time: Time | null
  /** False while the sandbox itself does not answer. */
  readonly connected: boolean
  readonly look: () => void
}

const mostLines = 600
const lookEvery = 3_000

/** Everything but the phones: asked for once, and again when told. */
const useRoom = () => {
  const [people, setPeople] = useState<readonly Person[]>([])
  const [plant, setPlant] = useState<Plant | null>(null)
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const [profile, setProfile] = useState<Profile | null>(null)
  const [time, setTime] = useState<Time | null>(null)
  const [connected, setConnected] = useState(true)
  const look = () =>
    void Promise.all([api.clock().then(setTime), api.profile().then(setProfile)]).then(
      () => setConnected(true),
      () => setConnected(false),
    )
  const lookAtFaults = () => void api.faults().then(setFaults, () => setConnected(false))
  useEffect(() => {
    void api.people().then(setPeople, () => setConnected(false))
    void api.plant().then(setPlant, () => setConnected(false))
    lookAtFaults()
    look()
    const beat = setInterval(look, lookEvery)
    return () => clearInterval(beat)
  }, [])
  return { people, plant, faults, profile, time, connected, look, lookAtFaults }
}

const usePhones = (shown: readonly string[]) => {
  const [phones, setPhones] = useState<Phones>({})
  const [conversations, setConversations] = useState<readonly Conversation[]>([])
  const visible = useRef(shown)
  visible.current = shown
  const stale = useRef(new Set<string>())
  const refresh = useRef(
    gathered(60, () => {
      const wanted = [...stale.current].filter((person) => visible.current.includes(person))
      stale.current.clear()
      void api.conversations().then(setConversations, () => undefined)
      for (const person of wanted)
        void api.sees(person).then(
          (seen) => setPhones((all) => ({ ...all, [person]: seen })),
          () => stale.current.add(person),
        )
    }),
  )
  const ask = (people: readonly string[]) => {
    for (const person of people) stale.current.add(person)
    refresh.current()
  }
  const key = shown.join()
  useEffect(() => ask(key.split(',')), [key])
  return { phones, conversations, ask, visible }
}

const useLog = () => {
  const [lines, setLines] = useState<readonly Line[]>([])
  const last = useRef(0)
  const read = useRef(
    gathered(150, () => {
      const more = (fresh: readonly Line[]) => {
        last.current = Math.max(last.current, ...fresh.map(({ id }) => id))
        setLines((held) => [...held, ...fresh.filter(({ id }) => !held.some((line) => line.id === id))].slice(-mostLines))
        if (fresh.length === 300) read.current()
      }
      void api.log(last.current).then(more, () => undefined)
    }),
  )
  return { lines, read: read.current }
}

export const useLive = (shown: readonly string[]): Live => {
  const room = useRoom()
  const { phones, conversations, ask, visible } = usePhones(shown)
  const { lines, read } = useLog()
  useEffect(() => {
    const events = new EventSource('/events')
    const everything = () => {
      ask(visible.current)
      read()
      room.look()
      room.lookAtFaults()
    }
    events.addEventListener('open', everything)
    events.addEventListener('phone', (event) => ask([(JSON.parse(event.data) as { person: string }).person]))
    events.addEventListener('log', read)
    events.addEventListener('faults', room.lookAtFaults)
    events.addEventListener('clock', room.look)
    events.addEventListener('profile', room.look)
    return () => events.close()
  }, [])
  return { ...room, phones, conversations, lines }
}
