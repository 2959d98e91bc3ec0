/** Hides what must not stand in a log: secrets, tokens, tickets, sessions and signatures, in JSON, in queries and in XML. */
const rules: readonly (readonly [RegExp, string])[] = [
  [
    /("(?:appSecret|appsecret|clientSecret|client_secret|accessToken|access_token|apiSecret|ticket|sign|downloadCode|pictureDownloadCode)"\s*:\s*)"(?:[^"\\]|\\.)*"/g,
    '$1"***"',
  ],
  [/(\\"(?:downloadCode|pictureDownloadCode)\\"\s*:\s*)\\"[^"\\]*\\"/g, '$1\\"***\\"'],
  [/([?&](?:access_token|appsecret|ticket|session|Signature|signature|msg_signature|sign)=)[^&"\\\s<]*/g, '$1***'],
  [/(<(?:ticket)>)[^<]*/g, '$1***'],
  [/^((?:x-ddpaas-signature|sign|x-acs-dingtalk-access-token): ).*$/gim, '$1***'],
]

const longest = 16 * 1024

export const masked = (text: string): string => {
  const hidden = rules.reduce((whole, [pattern, by]) => whole.replace(pattern, by), text)
  return hidden.length > longest ? `${hidden.slice(0, longest)}… (${hidden.length} characters)` : hidden
}
