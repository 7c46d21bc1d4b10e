// Where a reader's bytes come from: a file, a stream, bytes or text, always as chunks, with the name errors call it by.
import { fail } from "../core/check.ts";

/** A File or Blob, a stream (`(await fetch(url)).body`), bytes; a string is the content itself, not a path. */
export type Source = Blob | ReadableStream<Uint8Array> | ArrayBuffer | Uint8Array | string;

/** A file's own name, else `usual`. */
export const nameOf = (source: Source, usual: string): string =>
  source instanceof Blob && "name" in source && typeof source.name === "string" && source.name ? source.name : usual;

function streamOf(where: string, source: Source): ReadableStream<Uint8Array> | undefined {
  if (source instanceof Blob) return source.stream();
  if (source instanceof ReadableStream) return source;
  if (source instanceof Uint8Array || source instanceof ArrayBuffer || typeof source === "string") return undefined;
  return fail(where, "the source is none of File, Blob, ReadableStream, ArrayBuffer, Uint8Array and text");
}

/** Bytes held already come in pieces, so that a reader that has seen enough works as little as with a stream. */
const PIECE = 2 ** 16;

async function* pieces(whole: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += PIECE) yield whole.subarray(at, at + PIECE);
}

async function* read(where: string, stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let at = 0;
  try {
    for (;;) {
      const next = await reader.read().catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        fail(where, `reading broke off after ${at} bytes (${why})`, "the file may be damaged, cut short or gone");
      });
      if (next.done) return;
      at += next.value.length;
      yield next.value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** The source's bytes in chunks; leaving the loop early cancels the stream. Throws, naming the byte, where reading fails. */
export function chunksOf(where: string, source: Source): AsyncGenerator<Uint8Array> {
  const stream = streamOf(where, source);
  if (stream) return read(where, stream);
  if (typeof source === "string") return pieces(new TextEncoder().encode(source));
  return pieces(source instanceof Uint8Array ? source : new Uint8Array(source as ArrayBuffer));
}

const GZIP = [0x1f, 0x8b] as const;

async function* joined(first: readonly Uint8Array[], rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

function asStream(chunks: AsyncGenerator<Uint8Array>): ReadableStream<BufferSource> {
  return new ReadableStream<BufferSource>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
}

/** {@link chunksOf}, unpacked where the source begins as gzip does (RFC 1952). Bytes in errors are then unpacked ones. */
export async function* unpackedChunksOf(where: string, source: Source): AsyncGenerator<Uint8Array> {
  const chunks = chunksOf(where, source);
  const first: Uint8Array[] = [];
  for (let seen = 0; seen < GZIP.length; ) {
    const next = await chunks.next();
    if (next.done) break;
    first.push(next.value);
    seen += next.value.length;
  }
  const head = first.flatMap((chunk) => [...chunk.subarray(0, GZIP.length)]);
  const whole = joined(first, chunks);
  if (head[0] !== GZIP[0] || head[1] !== GZIP[1]) yield* whole;
  else yield* read(`${where} (gzip)`, asStream(whole).pipeThrough(new DecompressionStream("gzip")));
}
