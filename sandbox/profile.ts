/** How strict the platforms are, and what they do where their documents leave it open. */
export type Profile = {
  readonly quotas: 'strict' | 'unmetered'
  /** Facts that the documents leave open, by name. */
  readonly choices: Readonly<Record<string, string>>
}

export type ProfileBook = { readonly get: () => Profile; readonly change: (to: Partial<Profile>) => Profile }

export const createProfile = (): ProfileBook => {
  let profile: Profile = { quotas: 'strict', choices: {} }
  return {
    get: () => profile,
    change: (to) => {
      profile = { quotas: to.quotas ?? profile.quotas, choices: { ...profile.choices, ...to.choices } }
      return profile
    },
  }
}
