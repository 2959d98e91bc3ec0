import { z } from 'zod'
import { minutes } from './lib/clock.ts'
import { type AlertRule, alertRule } from './rules/alerts.ts'

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 22:00, quoted')

/** How often one person may be called, where the product's own rule is not wanted. Read by both runtimes; every replica must be given the same. */
export const alertBudget = z.strictObject({
  notices: z
    .int()
    .min(5, 'at least 5, because each replica may send four before it asks the others')
    .max(1_000)
    .default(alertRule.most),
  minutes: z
    .int()
    .min(1)
    .max(24 * 60)
    .default(alertRule.per / minutes(1)),
  quiet: z
    .strictObject({ from: wallTime, until: wallTime })
    .refine(({ from, until }) => from !== until, 'quiet hours that begin when they end are none; write `quiet: none`')
    .or(z.literal('none'))
    .optional(),
})

/** The rule as configured. What it never holds back stays what it is: red, and urgent words to operators. */
export const alertRuleOf = (given: z.infer<typeof alertBudget> | undefined): AlertRule => {
  if (!given) return alertRule
  const { notices, minutes: per, quiet } = given
  return {
    ...alertRule,
    id: `${alertRule.id}+configuration`,
    source: 'the configuration of this installation',
    most: notices,
    per: minutes(per),
    quiet:
      quiet === 'none'
        ? { ...alertRule.quiet, colours: [] }
        : quiet
          ? { ...alertRule.quiet, from: `${quiet.from}:00`, until: `${quiet.until}:00` }
          : alertRule.quiet,
  }
}
