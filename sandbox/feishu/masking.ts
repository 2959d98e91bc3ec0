/** The log shows every byte except what would let a reader act as the app. */

const cut = 16_384

const secretFields =
  /("(?:app_secret|AppSecret|tenant_access_token|app_access_token|token|challenge|ticket|access_key|signature)"\s*:\s*")[^"]*(")/g
const escapedFields = /(\\"(?:token|app_secret)\\"\s*:\s*\\")[^"\\]*(\\")/g
const queryFields = /\b((?:ticket|access_key)=)[^&"\s]+/g
const bearerTokens = /\b([tu]-)[0-9A-Za-z._-]{8,}/g

export const masked = (text: string): string =>
  text
    .replace(secretFields, '$1…$2')
    .replace(escapedFields, '$1…$2')
    .replace(queryFields, '$1…')
    .replace(bearerTokens, '$1…')
    .slice(0, cut)
