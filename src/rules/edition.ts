/** The edition under which a subject has opened, among all that this release carries. A subject never changes its edition. Throws for one that it does not carry. */
export const editionOf = <T extends { readonly id: string }>(editions: readonly T[], id: string): T => {
  const edition = editions.find((one) => one.id === id)
  if (!edition) throw new Error(`this release does not carry the rules ${id}`)
  return edition
}
