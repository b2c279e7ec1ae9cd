// Rows of large results on disk. A spool belongs to one result and is a row of segment files: a
// segment is deleted when everything in it was read, and all with the result. Where the system
// allows, a file loses its name as soon as it is open, so that not even a crash leaves it behind;
// what a crash did leave is swept at start.

import { type FileHandle, mkdir, open, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { assert } from "../../common/assert.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { RandomSource } from "../../common/clock.ts";
import type { RawRow } from "../result/query-result.ts";

const segmentBytes = 64 * 1024 * 1024;

/** The directory of all spools of this process, and how many bytes of rows lie in it. */
export interface SpoolSpace {
  readonly directory: string;
  readonly random: RandomSource;
  /** Most bytes of unread rows, over all results. */
  readonly maxBytes: number;
  usedBytes: number;
}

/** Makes the directory and removes the files of processes that are no more. */
export async function openSpoolSpace(
  directory: string,
  maxBytes: number,
  random: RandomSource,
): Promise<SpoolSpace> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory)) {
    const match = /^(\d+)-[0-9a-f]{32}\.rows$/.exec(name);
    if (match === null || isAlive(Number(match[1]))) continue;
    await unlink(join(directory, name)).catch(ignoreMissing);
  }
  return { directory, maxBytes, random, usedBytes: 0 };
}

/** Where a batch of rows lies. */
export interface SpooledBatch {
  readonly segment: Segment;
  readonly offset: number;
  readonly bytes: number;
  readonly count: number;
}

interface Segment {
  readonly file: FileHandle;
  /** Null once the file has no name any more. */
  readonly path: string | null;
  length: number;
  unread: number;
}

export class Spool {
  readonly #space: SpoolSpace;
  #current: Segment | null = null;
  readonly #segments = new Set<Segment>();
  /** Bytes of this result that are not read yet. */
  unreadBytes = 0;

  constructor(space: SpoolSpace) {
    this.#space = space;
  }

  /** Appends a batch; rejects with GW-SPOOL if the disk does not take it. */
  async write(rows: readonly RawRow[]): Promise<SpooledBatch> {
    const data = Buffer.from(JSON.stringify(rows));
    try {
      const segment = await this.#segmentFor();
      const offset = segment.length;
      segment.length += data.length;
      segment.unread += data.length;
      this.#account(data.length);
      await writeAll(segment.file, data, offset);
      return { segment, offset, bytes: data.length, count: rows.length };
    } catch (error) {
      throw new GatewayError("GW-SPOOL", "rows of the result could not be kept on disk", {
        hint: "See whether the data directory has space left.",
        cause: error,
      });
    }
  }

  /** Reads a batch, once; its bytes are free afterwards. */
  async read(batch: SpooledBatch): Promise<RawRow[]> {
    const data = Buffer.allocUnsafe(batch.bytes);
    let got = 0;
    while (got < data.length) {
      const { bytesRead } = await batch.segment.file.read(
        data,
        got,
        data.length - got,
        batch.offset + got,
      );
      assert(bytesRead > 0, "spool file is shorter than what was written");
      got += bytesRead;
    }
    batch.segment.unread -= batch.bytes;
    this.#account(-batch.bytes);
    if (batch.segment.unread === 0 && batch.segment !== this.#current) {
      await this.#drop(batch.segment);
    }
    return JSON.parse(data.toString("utf8")) as RawRow[];
  }

  /** Deletes everything. Idempotent. */
  async close(): Promise<void> {
    this.#account(-this.unreadBytes);
    this.#current = null;
    for (const segment of this.#segments) await this.#drop(segment);
  }

  #account(bytes: number): void {
    this.unreadBytes += bytes;
    this.#space.usedBytes += bytes;
  }

  async #segmentFor(): Promise<Segment> {
    if (this.#current !== null && this.#current.length < segmentBytes) return this.#current;
    const full = this.#current;
    const path = join(this.#space.directory, `${process.pid}-${this.#space.random.hex32()}.rows`);
    const file = await open(path, "wx+", 0o600);
    const nameless = await unlink(path).then(
      () => true,
      () => false,
    );
    this.#current = { file, path: nameless ? null : path, length: 0, unread: 0 };
    this.#segments.add(this.#current);
    if (full !== null && full.unread === 0) await this.#drop(full);
    return this.#current;
  }

  async #drop(segment: Segment): Promise<void> {
    if (!this.#segments.delete(segment)) return;
    await segment.file.close();
    if (segment.path !== null) await unlink(segment.path).catch(ignoreMissing);
  }
}

async function writeAll(file: FileHandle, data: Buffer, offset: number): Promise<void> {
  let done = 0;
  while (done < data.length) {
    const { bytesWritten } = await file.write(data, done, data.length - done, offset + done);
    done += bytesWritten;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

function ignoreMissing(error: Error & { code?: string }): void {
  if (error.code !== "ENOENT") throw error;
}
