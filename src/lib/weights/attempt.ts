import { Fault } from '#lib/base/errors.ts';

/** One file on its way: the buffer, how much of it has arrived, and how to ask for the rest. */
export interface Attempt {
  readonly url: string;
  /** The file's name, for sentences. */
  readonly file: string;
  readonly buffer: Uint8Array<ArrayBuffer>;
  /** Bytes of `buffer` that have arrived, from its beginning. */
  loaded: number;
  /**
   * The host's strong validator of the bytes so far: a rest of another version is refused. None where they came
   * compressed, since the rest is a range of the file itself, whose validator is another; the digest tells then.
   */
  etag: string | undefined;
  /** Go past the browser's own cache. */
  fresh: boolean;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal | undefined;
  readonly idleMs: number;
  onBytes: () => void;
}

/** An attempt that another one may continue. */
export class Interrupted extends Error {
  readonly reason: string;
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'Interrupted';
    this.reason = reason;
  }
}

/**
 * Asks once for what is missing and writes it into the buffer. Returns when the connection has delivered all.
 * @throws Interrupted when it is worth another try, Fault when it is not
 */
export async function attempt(job: Attempt): Promise<void> {
  const control = new AbortController();
  const cancel = (): void => control.abort();
  job.signal?.addEventListener('abort', cancel);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stalled = false;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stalled = true;
      control.abort();
    }, job.idleMs);
  };
  try {
    alive();
    const response = await job.fetch(job.url, request(job, control.signal));
    const expected = begin(job, response);
    await receive(job, response, alive);
    finish(job, expected);
  } catch (error) {
    if (error instanceof Fault || error instanceof Interrupted) throw error;
    throw new Interrupted(stalled ? 'no data arrived' : 'the connection broke', error);
  } finally {
    clearTimeout(timer);
    job.signal?.removeEventListener('abort', cancel);
    control.abort(); // lets go of a body that wasn't read to its end
  }
}

function request(job: Attempt, signal: AbortSignal): RequestInit {
  const headers = new Headers();
  if (job.loaded > 0) {
    headers.set('range', `bytes=${job.loaded}-`);
    if (job.etag) headers.set('if-range', job.etag);
  }
  return { headers, signal, cache: job.fresh ? 'reload' : 'default' };
}

/** Judges the answer's head and sets where its bytes go. @returns the size the host says the whole file has, if it does */
function begin(job: Attempt, response: Response): number | undefined {
  const { status, headers } = response;
  const total = job.buffer.length;
  if (status === 416) {
    if (job.loaded === 0) throw new Fault('model-truncated', { file: job.file, loaded: 0, total });
    job.loaded = 0;
    throw new Interrupted('the host refused to go on');
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    throw new Interrupted(`HTTP ${status}`);
  if (status === 404 || status === 410)
    throw new Fault('model-missing', { file: job.file, url: job.url, status });
  if (status !== 200 && status !== 206) {
    throw new Fault('download-failed', {
      file: job.file,
      loaded: job.loaded,
      total,
      reason: `HTTP ${status}`,
    });
  }
  if (headers.get('content-type')?.startsWith('text/html')) {
    throw new Fault('model-missing', { file: job.file, url: job.url, status });
  }

  const etag = headers.get('etag');
  if (isEncoded(response)) job.etag = undefined;
  else if (etag && !etag.startsWith('W/')) job.etag = etag;
  const size = wholeSize(job, response);
  if (status === 200) job.loaded = 0;
  if (size === undefined) return undefined;
  if (size < total) throw new Fault('model-truncated', { file: job.file, loaded: size, total });
  if (size > total) throw new Fault('model-hash', { file: job.file, bytes: size });
  return size;
}

/** Whether the bytes travelled compressed. The browser hands them over as the file has them, but the head counts the others. */
const isEncoded = ({ headers }: Response): boolean =>
  !/^(identity)?$/i.test(headers.get('content-encoding') ?? '');

/** The whole file's size by the answer's head; undefined where it doesn't say (no length, or a compressed one). */
function wholeSize(job: Attempt, response: Response): number | undefined {
  const { status, headers } = response;
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
    // A part of a compressed form is no part of the file.
    if (!range || Number(range[1]) !== job.loaded || isEncoded(response)) {
      job.loaded = 0;
      throw new Interrupted('the host sent another range');
    }
    return range[2] === '*' ? undefined : Number(range[2]);
  }
  const length = headers.get('content-length');
  return length === null || isEncoded(response) ? undefined : Number(length);
}

async function receive(job: Attempt, response: Response, alive: () => void): Promise<void> {
  if (!response.body) return;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    alive();
    if (job.loaded + value.length > job.buffer.length) {
      throw new Fault('model-hash', { file: job.file, bytes: job.loaded + value.length });
    }
    job.buffer.set(value, job.loaded);
    job.loaded += value.length;
    job.onBytes();
  }
}

function finish(job: Attempt, expected: number | undefined): void {
  if (job.loaded === job.buffer.length) return;
  throw new Interrupted(expected === undefined ? 'ended early' : 'the connection broke');
}
