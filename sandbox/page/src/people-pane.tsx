import type { Person, VendorName } from './api.ts'
import type { OnTable } from './app.tsx'
import { platformNames } from './words.ts'

type Props = { readonly people: readonly Person[]; readonly table: readonly OnTable[]; readonly toggle: (phone: OnTable) => void }

export const PeoplePane = ({ people, table, toggle }: Props) => {
  const teams = [...new Set(people.map(({ team, company }) => team || company))]
  const stands = (person: string, platform: VendorName) => table.some((one) => one.person === person && one.platform === platform)
  return (
    <div class="pane people">
      {teams.map((team) => (
        <section key={team}>
          <h4>{team}</h4>
          <ul>
            {people
              .filter((person) => (person.team || person.company) === team)
              .map((person) => (
                <li key={person.id}>
                  <span>
                    <b>{person.name}</b>
                    <small>{person.role}</small>
                  </span>
                  {person.platforms.map((platform) => (
                    <button
                      type="button"
                      key={platform}
                      class={platform}
                      aria-pressed={stands(person.id, platform)}
                      aria-label={`${person.name} ${platformNames[platform]}`}
                      onClick={() => toggle({ person: person.id, platform })}
                    >
                      {platformNames[platform]}
                    </button>
                  ))}
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
