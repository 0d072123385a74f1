import type { FaultRecord } from '#lib/base/errors.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { toRecord, type Progress } from '#lib/runtime/protocol.ts';
import type { Examined } from '../reading/examined.ts';
import { digestIn, ownName } from '../reading/name.ts';
import { NOTHING, toLink, type Corrected, type Value } from './corrected.ts';
import { namesIn, ownConfig } from './model.ts';
import { addOwn, OPENED, type OwnModel } from './opened.svelte.ts';

/** What is known of files before they are read: what was corrected, the names of classes, what the model is called. */
export interface Remembered {
  readonly corrected: Corrected;
  readonly names?: readonly string[];
  readonly title?: string;
}

let revisions = 0;

/** A file's name; with its digest's first digits where another open model has the same, since many are `model.safetensors`. */
function titleFor(name: string, file: string): string {
  const taken = [...OPENED].some(([other, { title }]) => other !== name && title === file);
  return taken ? `${file} (${(digestIn(name) ?? '').slice(0, 6)})` : file;
}

/** Files of the reader's on their way to a model: read in the worker, shown, corrected, opened. Everything is reactive. */
export class Opening {
  readonly #engine: Pick<Engine, 'examine' | 'letGo'>;
  #stop: AbortController | undefined;
  #asked = 0;
  #phase = $state<'idle' | 'reading' | 'failed' | 'examined'>('idle');
  #files = $state.raw<readonly File[]>([]);
  #progress = $state.raw<Progress>();
  #fault = $state.raw<FaultRecord>();
  #examined = $state.raw<Examined>();
  #corrected = $state.raw<Corrected>(NOTHING);
  #title = $state.raw<string>();
  /** Names of the classes as they are typed, one a line. */
  names = $state('');

  constructor(engine: Pick<Engine, 'examine' | 'letGo'>) {
    this.#engine = engine;
  }

  get phase() {
    return this.#phase;
  }
  get files(): readonly File[] {
    return this.#files;
  }
  /** Bytes while they are read. */
  get progress(): Progress | undefined {
    return this.#phase === 'reading' ? this.#progress : undefined;
  }
  /** Why the files cannot be opened at all; what keeps a network from running is in `examined.fault`. */
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  get examined(): Examined | undefined {
    return this.#examined;
  }
  get corrected(): Corrected {
    return this.#corrected;
  }
  /** The name that the model will have in links; undefined before the file was read. */
  get name(): string | undefined {
    return this.#examined && ownName(this.#examined.sha256);
  }

  /** Takes files that were chosen together. @param before what is known of them from a link or from an earlier visit */
  async take(files: readonly File[], before: Remembered = { corrected: NOTHING }): Promise<void> {
    this.#files = files;
    this.#examined = undefined;
    this.#corrected = before.corrected;
    this.#title = before.title;
    this.names = before.names?.join('\n') ?? '';
    await this.#examine();
  }

  /** Sets a field of the configuration; undefined: as it was recognised. */
  async correct(field: string, value: Value | undefined): Promise<void> {
    const { [field]: _, ...rest } = this.#corrected.set;
    this.#corrected = { ...this.#corrected, set: value === undefined ? rest : { ...rest, [field]: value } };
    await this.#examine();
  }

  /** Takes another of the networks in the file. */
  async choose(prefix: string): Promise<void> {
    this.#corrected = { ...this.#corrected, prefix };
    await this.#examine();
  }

  /** Sets how pictures are prepared; nothing is read again for it. */
  prepare(change: Pick<Corrected, 'mean' | 'std' | 'fit'>): void {
    this.#corrected = { ...this.#corrected, ...change };
  }

  /** Stops the reading, and forgets the files: nothing is opened of them. */
  cancel(): void {
    this.#asked++;
    this.#stop?.abort();
    if (this.#examined) this.#engine.letGo();
    this.#phase = 'idle';
    this.#files = [];
    this.#examined = undefined;
    this.#fault = undefined;
  }

  /** The model, opened: from here on the page knows it. Undefined where it cannot be run. */
  accept(): OwnModel | undefined {
    const examined = this.#examined;
    if (!examined?.recognised || examined.fault) return undefined;
    const names = namesIn(this.names);
    const config = ownConfig(examined, examined.recognised, {
      files: this.#files,
      corrected: this.#corrected,
      names,
    });
    const { file, bytes } = examined;
    const title = this.#title ?? OPENED.get(config.name)?.title ?? titleFor(config.name, file);
    const corrected = this.#corrected;
    const revision = ++revisions;
    const as = toLink(corrected);
    const model: OwnModel = {
      config,
      files: this.#files,
      title,
      file,
      bytes,
      corrected,
      as,
      revision,
      names,
    };
    addOwn(model);
    return model;
  }

  /** Whether the file is the one that a name asks for. */
  is(name: string): boolean {
    return this.#examined !== undefined && this.#examined.sha256.startsWith(digestIn(name) ?? '-');
  }

  async #examine(): Promise<void> {
    const asked = ++this.#asked;
    const stop = (this.#stop = new AbortController());
    this.#phase = this.#examined ? 'examined' : 'reading';
    this.#fault = undefined;
    this.#progress = undefined;
    const { set, prefix } = this.#corrected;
    try {
      const request = { files: this.#files, choices: { set, ...(prefix !== undefined && { prefix }) } };
      const onProgress = (p: Progress) => (this.#progress = p);
      const found = await this.#engine.examine(request, { signal: stop.signal, key: 'examine', onProgress });
      if (asked !== this.#asked) return;
      this.#examined = found;
      this.#phase = 'examined';
    } catch (error) {
      const fault = toRecord(error);
      if (asked !== this.#asked) return;
      this.#phase = fault.code === 'cancelled' ? 'idle' : 'failed';
      if (fault.code !== 'cancelled') this.#fault = fault;
    }
  }
}
