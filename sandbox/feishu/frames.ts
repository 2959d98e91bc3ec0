/** Frames of the long connection: proto2 package pbbp2, as in the official SDKs (node-sdk 1.74.0). */
import protobuf from 'protobufjs'
import { z } from 'zod'

const schema = `
syntax = "proto2";
package pbbp2;
message Header { required string key = 1; required string value = 2; }
message Frame {
  required uint64 SeqID = 1;
  required uint64 LogID = 2;
  required int32 service = 3;
  required int32 method = 4;
  repeated Header headers = 5;
  optional string payload_encoding = 6;
  optional string payload_type = 7;
  optional bytes payload = 8;
  optional string LogIDNew = 9;
}`

const frameType = protobuf.parse(schema, { keepCase: true }).root.lookupType('pbbp2.Frame')

/** 64-bit numbers travel as decimal strings, so that nothing is rounded on this side. */
const frame = z.object({
  SeqID: z.string().regex(/^\d{1,20}$/),
  LogID: z.string().regex(/^\d{1,20}$/),
  service: z.number().int(),
  method: z.number().int(),
  headers: z.array(z.object({ key: z.string(), value: z.string() })),
  payload_encoding: z.string().optional(),
  payload_type: z.string().optional(),
  payload: z.instanceof(Uint8Array).optional(),
  LogIDNew: z.string().optional(),
})

export type Frame = z.infer<typeof frame>
export const control = 0
export const data = 1

/** The four required fields are written even when they are 0. */
export const encodeFrame = (value: Frame): Uint8Array => frameType.encode(frameType.fromObject(value)).finish()

/** Null for bytes that are no frame. */
export const decodeFrame = (bytes: Uint8Array): Frame | null => {
  try {
    const decoded = frameType.toObject(frameType.decode(bytes), { longs: String, bytes: Uint8Array, arrays: true })
    const parsed = frame.safeParse({ ...decoded, payload: asBytes(decoded.payload) })
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

const asBytes = (value: unknown): Uint8Array | undefined => (value instanceof Uint8Array ? new Uint8Array(value) : undefined)

export const headerOf = ({ headers }: Frame, key: string): string => headers.find((header) => header.key === key)?.value ?? ''
