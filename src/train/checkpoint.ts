// A checkpoint: versioned, every section with its own checksum, tensors at their logical sizes. Safe against any flipped byte.
import { FallLineError, fail } from "../core/check.ts";
import { crc32 } from "../core/hash.ts";
import { elements, type Shape } from "../core/shape.ts";
import type { ListenerState } from "../optim/schedule.ts";
import type { Validation } from "./spec.ts";

const MAGIC = 0x4c4c4146; // "FALL"
export const CHECKPOINT_VERSION = 1;
const HEAD_BYTES = 16;

export interface Section {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** What a model must know of the data it was trained on; their scaling lies in sections of its own. */
export interface DataFacts {
  readonly shape: Shape;
  readonly outputs: number;
  readonly classes: readonly string[] | undefined;
  /** Whether x is bytes. */
  readonly bytes: boolean;
}

export interface Checkpoint {
  readonly step: number;
  readonly recipe: unknown;
  readonly sections: readonly Section[];
  /** What schedules that follow the losses have heard. */
  readonly heard?: readonly ListenerState[];
  /** Validations up to its step. Sections under "best/" hold the best of them where that is another step. */
  readonly validations?: readonly Validation[];
  readonly bestHeard?: readonly ListenerState[];
  readonly data?: DataFacts;
}

interface Entry {
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly bytes: number;
  readonly crc: number;
}

const bytesOf = (data: Float32Array): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** magic, version, header bytes, header crc; header JSON; sections. Little-endian. */
export function encodeCheckpoint({ sections, ...rest }: Checkpoint): Uint8Array<ArrayBuffer> {
  let offset = 0;
  const entries = sections.map(({ name, shape, data }): Entry => {
    const entry = { name, shape, offset, bytes: data.byteLength, crc: crc32(bytesOf(data)) };
    offset += data.byteLength;
    return entry;
  });
  const json = new TextEncoder().encode(JSON.stringify({ ...rest, sections: entries }));
  const room = Math.ceil(json.length / 4) * 4;
  const header = new Uint8Array(room).fill(0x20);
  header.set(json);
  const result = new Uint8Array(HEAD_BYTES + room + offset);
  const view = new DataView(result.buffer);
  const head = [MAGIC, CHECKPOINT_VERSION, room, crc32(header)];
  for (const [i, word] of head.entries()) view.setUint32(4 * i, word, true);
  result.set(header, HEAD_BYTES);
  for (const [i, { data }] of sections.entries()) {
    result.set(bytesOf(data), HEAD_BYTES + room + (entries[i] as Entry).offset);
  }
  return result;
}

const broken = (what: string): never => fail("checkpoint", what, "load an older one");

interface Header extends Omit<Checkpoint, "sections"> {
  readonly sections: readonly Entry[];
}

function readHeader(bytes: Uint8Array): { header: Header; body: number } {
  if (bytes.length < HEAD_BYTES) broken(`${bytes.length} bytes, too short to be one`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [magic, version, length, crc] = [0, 4, 8, 12].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  if (magic !== MAGIC) broken("does not begin as a Fall Line checkpoint");
  if (version !== CHECKPOINT_VERSION) broken(`version ${version}, this library reads ${CHECKPOINT_VERSION}`);
  if (HEAD_BYTES + length > bytes.length) broken(`header of ${length} bytes in a file of ${bytes.length}`);
  const header = bytes.subarray(HEAD_BYTES, HEAD_BYTES + length);
  if (crc32(header) !== crc) broken("the header's checksum is wrong");
  return { header: JSON.parse(new TextDecoder().decode(header)), body: HEAD_BYTES + length };
}

/** Reads a checkpoint whole or throws, naming the broken section; nothing is changed by a broken one. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { header, body } = readHeader(bytes);
  const end = header.sections.reduce((most, { offset, bytes: length }) => Math.max(most, offset + length), 0);
  if (body + end !== bytes.length) broken(`${bytes.length} bytes, its header says ${body + end}`);
  const sections = header.sections.map(({ name, shape, offset, bytes: length, crc }): Section => {
    const part = bytes.slice(body + offset, body + offset + length);
    if (crc32(part) !== crc) broken(`section ${name}: the checksum is wrong`);
    if (elements(shape) * 4 !== length) broken(`section ${name}: ${length} bytes for shape [${shape.join(", ")}]`);
    return { name, shape, data: new Float32Array(part.buffer) };
  });
  return { ...header, sections };
}

/** The data of a section by name. */
export function sectionNamed(checkpoint: Checkpoint, name: string): Float32Array {
  const found = checkpoint.sections.find((section) => section.name === name);
  if (!found) throw new FallLineError("checkpoint", `has no section ${name}`, "it was made by another model");
  return found.data;
}
