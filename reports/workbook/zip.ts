import { constants, crc32, deflateRawSync } from 'node:zlib';

/** Native and four times as fast as a zip in JavaScript; equal contents give equal bytes on one build of Node. */
const LEVEL = 7;
/** Bytes packed at a time; the books of one process are written one after another. */
const GATHERED = Buffer.alloc(1 << 20);
/** The first day that the format can write: 1 January 1980, midnight. */
const FIRST_DATE = 0x0021;
const DEFLATED = 8;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;

/** A zip that is handed on as it grows: no entry is held but in its packed form. All entries have one fixed date. */
export class ZipFile {
  readonly #put: (piece: Uint8Array) => void;
  readonly #directory: Uint8Array[] = [];
  #entries = 0;
  #offset = 0;

  constructor(put: (piece: Uint8Array) => void) {
    this.#put = put;
  }

  /** Adds a file whose text comes in pieces. */
  add(name: string, texts: Iterable<string>): void {
    const { packed, crc, size, packedSize } = packedTexts(texts);
    const title = Buffer.from(name, 'utf8');
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(VERSION, 0);
    facts.writeUInt16LE(FLAGS, 2);
    facts.writeUInt16LE(DEFLATED, 4);
    facts.writeUInt16LE(FIRST_DATE, 8);
    facts.writeUInt32LE(crc, 10);
    facts.writeUInt32LE(packedSize, 14);
    facts.writeUInt32LE(size, 18);
    facts.writeUInt16LE(title.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(this.#offset, 10);
    this.#directory.push(signature(0x02014b50), Buffer.from([VERSION, 0]), facts, rest, title);
    this.#entries += 1;
    for (const piece of [signature(0x04034b50), facts, title, ...packed]) this.#write(piece);
  }

  /** Writes the directory of all entries; nothing may be added after it. */
  finish(): void {
    const directory = Buffer.concat(this.#directory);
    const end = Buffer.alloc(18);
    end.writeUInt16LE(this.#entries, 4);
    end.writeUInt16LE(this.#entries, 6);
    end.writeUInt32LE(directory.length, 8);
    end.writeUInt32LE(this.#offset, 12);
    for (const piece of [directory, signature(0x06054b50), end]) this.#write(piece);
  }

  #write(piece: Uint8Array): void {
    this.#offset += piece.length;
    this.#put(piece);
  }
}

interface Packed {
  readonly packed: readonly Uint8Array[];
  readonly crc: number;
  readonly size: number;
  readonly packedSize: number;
}

/**
 * Packs pieces one by one: each but the last ends on a whole byte without ending the stream, so that they stand one after another. Texts
 * are gathered as bytes in one buffer, since long texts would fill the memory until somebody sweeps it.
 */
function packedTexts(texts: Iterable<string>): Packed {
  const packed: Uint8Array[] = [];
  let crc = 0;
  let size = 0;
  let packedSize = 0;
  const pack = (bytes: Uint8Array, finishFlush: number): void => {
    crc = crc32(bytes, crc);
    size += bytes.length;
    const piece = deflateRawSync(bytes, { level: LEVEL, memLevel: 9, finishFlush });
    packed.push(piece);
    packedSize += piece.length;
  };
  let used = 0;
  for (const text of texts) {
    const room = text.length * 3;
    if (used > 0 && used + room > GATHERED.length) {
      pack(GATHERED.subarray(0, used), constants.Z_SYNC_FLUSH);
      used = 0;
    }
    if (room > GATHERED.length) pack(Buffer.from(text, 'utf8'), constants.Z_SYNC_FLUSH);
    else used += GATHERED.write(text, used, 'utf8');
  }
  pack(GATHERED.subarray(0, used), constants.Z_FINISH);
  return { packed, crc, size, packedSize };
}

function signature(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
