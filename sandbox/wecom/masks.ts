/** What the log pane must not show, and how much it shows. */

const longestLog = 16 * 1024
const inQuery = /\b(access_token|corpsecret|code)=([^&\s]+)/g
const inJson = /"(access_token|corpsecret)"\s*:\s*"[^"]*"/g

export const masked = (text: string): string => text.replace(inQuery, '$1=***').replace(inJson, '"$1":"***"')

export const cutLog = (text: string): string => (text.length > longestLog ? `${text.slice(0, longestLog)}…` : text)
