import type { ModelConfig, OwnFile } from '#lib/models/model-config.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { chooseNetwork } from '#lib/models/networks.ts';
import { graphOf } from '#lib/models/registry.ts';
import { writeSafetensors } from '#lib/weights/safetensors-write.ts';
import { bytesOf, WeightsError, type WeightSource } from '#lib/weights/source.ts';
import { lent, letGo, lostFile, type ReadRange } from '#lib/weights/distant.ts';
import { rangesOf, type Readable } from './bytes.ts';
import { examine } from './examine.ts';
import type { Choices, Examined } from './examined.ts';
import { inBoth } from './rules.ts';
import { openFiles, type FileProgress, type OpenedFiles } from './open.ts';

/** Files of a reader's, as they are handed to the worker. */
export interface OwnRequest {
  readonly files: readonly OwnFile[];
  readonly choices: Choices;
}

interface Watch {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: FileProgress) => void;
}

/** Which checked files are held for the first session of their model: of how many bytes, and how long at the most. */
export interface Holding {
  readonly ms: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A minute, since a reader looks over what was guessed before he opens it. While the session is made the file is in memory
 * twice, and the runtime compiles itself into some 50 MB more: a file of less than 300 MB would take more than 2.2 times its
 * size so, and is read again in half a second. Of one beyond 700 MB memory counts for more than a second.
 */
export const HELD: Holding = { ms: 60_000, from: 300e6, to: 700e6 };

/**
 * The reader's files that the worker has read: the last ones alone. Their bytes are held until they are checked, and, of
 * some sizes, for a while after (`Holding`), so that the first session of the whole network takes them without reading the file
 * a second time. Whoever makes that session lets them go (`letGoOfTaken` in weights/distant.ts); so does the page where
 * nothing is opened, and the next file. From then on they are read from the file again, range by range, wherever a tensor is asked for.
 */
export class Shelf {
  readonly #ranges: (file: Readable) => ReadRange | undefined;
  readonly #held: Holding | undefined;
  #last: { readonly key: string; readonly opened: OpenedFiles } | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param ranges how ranges of a file are read at once; tests pass their own
   * @param held what is held when it was checked; undefined: nothing
   */
  constructor(ranges: (file: Readable) => ReadRange | undefined = rangesOf, held?: Holding) {
    this.#ranges = ranges;
    this.#held = held;
  }

  /** What files are. They are read once, however often the reader corrects what they are taken for. */
  async examine({ files, choices }: OwnRequest, watch: Watch = {}): Promise<Examined> {
    const opened = await this.#open(files, watch);
    let found: Examined | undefined;
    try {
      return (found = lent(() => examine(opened, choices)));
    } finally {
      // What no family knows is not opened, nor is it once something is corrected.
      if (found?.family === undefined) this.letGo();
      else this.#hold(opened);
    }
  }

  /**
   * The weights of a reader's model under the graph's names.
   * @throws WeightsError, also where the file is another than the one the model was made of; Fault `cancelled`
   */
  async weights(config: ModelConfig, watch: Watch = {}): Promise<WeightSource> {
    const { own } = config;
    if (!own) throw new WeightsError('it is no file of the reader’s');
    const opened = await this.#open(own.files, watch);
    this.#hold(opened);
    if (opened.sha256 !== own.sha256) {
      this.letGo();
      const said = {
        en: 'it has changed since it was opened; open it again',
        zh: '文件在打开之后被改动过；请重新打开',
      };
      throw new WeightsError(said, { file: opened.weights.file, gone: 'gone' });
    }
    return bindWeights(chooseNetwork(opened.weights, own.prefix).source, config);
  }

  /** Lets go of the bytes that are held: nothing will be made of them soon. */
  letGo(): void {
    clearTimeout(this.#timer);
    if (this.#last) letGo(this.#last.opened.again.values());
  }

  /** Checked bytes stay for a while where tensors lie in them as they are; of what was converted nobody asks them again. */
  #hold({ again, weights, bytes: size }: OpenedFiles): void {
    const held = this.#held;
    if (!held || size < held.from || size > held.to) return this.letGo();
    clearTimeout(this.#timer);
    const asked = new Set<Uint8Array>(weights.buffers.values());
    letGo([...again.values()].filter((bytes) => !asked.has(bytes)));
    for (const bytes of again.values()) bytes.awaitTaker();
    if (![...again.values()].some(({ held }) => held > 0)) return;
    this.#timer = setTimeout(() => this.letGo(), held.ms);
  }

  /** One after another: two readings at once would hold the bytes twice. */
  #open(files: readonly OwnFile[], watch: Watch): Promise<OpenedFiles> {
    const read = () => this.#read(files, watch);
    const turn = this.#turn.then(read, read);
    this.#turn = turn;
    return turn;
  }

  async #read(files: readonly OwnFile[], watch: Watch): Promise<OpenedFiles> {
    const key = files.map((f) => `${f.name} ${f.size} ${f.lastModified}`).join('\n');
    if (this.#last?.key === key && !lostFile(this.#last.opened.again.values())) {
      this.#chosenAgain(this.#last.opened, files);
      return this.#last.opened;
    }
    this.letGo();
    this.#last = undefined;
    const opened = await openFiles(files, { ...watch, ranges: this.#ranges }).catch((error: unknown) => {
      throw inBoth(error);
    });
    this.#last = { key, opened };
    return opened;
  }

  /** The same files under new handles: those of before may be of a place they are no longer at. */
  #chosenAgain({ again }: OpenedFiles, files: readonly OwnFile[]): void {
    for (const file of files) {
      const ranges = this.#ranges(file);
      if (ranges) again.get(file.name)?.readBy(ranges);
    }
  }
}

/** Weights as a safetensors file under the graph's names, for whoever is to load them without a table of names. */
export function writtenWeights(weights: WeightSource, of: ModelConfig): Uint8Array<ArrayBuffer> {
  const named = [...graphOf(of).values.values()].filter(({ kind }) => kind === 'weight');
  return writeSafetensors(
    named.map(({ name, shape }) => {
      const entry = weights.get(name);
      if (!entry) throw new WeightsError('it is missing', { tensor: name });
      return { name, shape, dtype: entry.dtype, data: bytesOf(weights, entry) };
    }),
  );
}
