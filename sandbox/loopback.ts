/** The sandbox talks to this machine alone, and with this machine's own pages alone. */

const names = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Whether an address is http(s) or ws(s) on loopback. */
export const isLoopback = (address: string): boolean => {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, username, password } = new URL(address)
  return /^(https?|wss?):$/.test(protocol) && names.has(hostname) && username === '' && password === ''
}

/** Whether a `Host` header names loopback: a name that an outsider's DNS points here (rebinding) does not. */
export const isLoopbackHost = (host: string | undefined): boolean => host !== undefined && isLoopback(`http://${host}`)

/** Whether a browser's `Origin` may drive the sandbox; scripts send none. */
export const mayDrive = (origin: string | undefined): boolean => origin === undefined || isLoopback(origin)
