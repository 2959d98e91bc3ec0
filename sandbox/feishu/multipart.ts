/** multipart/form-data, parsed by hand because the vendor's own SDK sends file parts without a filename, which `FormData` would decode as text. */

const mostParts = 16

/** Parts by name as raw bytes; null when the body is not well-formed multipart. A name sent twice keeps the first. */
export const readMultipart = (contentType: string, body: Uint8Array): ReadonlyMap<string, Buffer> | null => {
  const boundary = /^multipart\/form-data\s*;.*\bboundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType)
  const mark = boundary?.[1] ?? boundary?.[2]
  return mark === undefined ? null : readParts(Buffer.concat([Buffer.from('\r\n'), body]), Buffer.from(`\r\n--${mark}`))
}

const readParts = (whole: Buffer, delimiter: Buffer): ReadonlyMap<string, Buffer> | null => {
  const parts = new Map<string, Buffer>()
  let cursor = whole.indexOf(delimiter)
  for (let count = 0; cursor >= 0 && count <= mostParts; count += 1) {
    const start = cursor + delimiter.length
    if (whole.subarray(start, start + 2).equals(Buffer.from('--'))) return parts
    const end = whole.indexOf(delimiter, start)
    const part = end < 0 ? null : readPart(whole.subarray(start, end))
    if (!part) return null
    if (!parts.has(part.name)) parts.set(part.name, part.bytes)
    cursor = end
  }
  return null
}

const readPart = (part: Buffer): { readonly name: string; readonly bytes: Buffer } | null => {
  const split = part.indexOf('\r\n\r\n')
  if (split < 0) return null
  const name = /content-disposition:[^\r\n]*\bname="([^"\r\n]{1,100})"/i.exec(part.subarray(0, split + 2).toString('utf8'))?.[1]
  return name === undefined ? null : { name, bytes: part.subarray(split + 4) }
}
