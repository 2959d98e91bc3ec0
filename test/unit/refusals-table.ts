/**
 * What makes a refusal complete, as data. A person who is refused must learn three things: what happened, under which rule, and what to do next.
 */

/** Words that name the rule: a clause or a section, a law, or a rule of the company by its name. `{section}` is filled with a section, `{rule}` with the clause
 * of the standard that the refusal rests on, when it is said. */
export const ruleMarks: readonly RegExp[] = [
  /第[\d一二三四五六七八九十百]+条/,
  /规则 (\d+\.\d+|\{section\})/,
  /\{rule\}/,
  /GB\/?T? ?\d+/,
  /按[^。；]{0,24}(规则|规定|制度|流程)/,
  /（[^）]*(规则|规定|制度)/,
]

/** Words that send somebody on: an act of theirs, somebody to turn to, or that nothing is left to do. */
export const nextSteps: readonly RegExp[] = [/请[^。；]{2,}/, /可(点|发送|查看|重新|改)[^。；]+/, /无需[^。；]+/]

/**
 * Refusals that rest on no rule, and why: nothing was found, what came cannot be understood, or something broke. Everything else names its rule.
 * Keyed by kind; each name is `<where>.<because>`, and `*` stands for every workflow.
 */
export const withoutRule: Readonly<Record<'absent' | 'unread' | 'broken', readonly string[]>> = {
  absent: [
    '*.no-such-case',
    'link.code-unknown',
    'link.number-unknown',
    'penalty.no-such-holder',
    'permit.nothing-like-it',
    'chat.unknownCode',
    'near-miss.receipt-unknown',
  ],
  unread: [
    'hazard.empty-report',
    'chat.staleCard',
    'chat.unsupported',
    'page.malformed',
    'page.not-found',
    'page link.invalid',
    'penalty.several-of-that-name',
    'penalty.propose-form',
    'permit.no-such-work',
    'contractor.unknown-contractor',
  ],
  broken: ['chat.notRecorded', 'chat.messageNotRecorded', 'chat.busy', 'chat.quota', 'page.trouble', 'page sign-in.busy'],
}
