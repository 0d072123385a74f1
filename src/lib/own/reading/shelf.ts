import type { ModelConfig, OwnFile } from '#lib/models/model-config.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { chooseNetwork } from '#lib/models/networks.ts';
import { graphOf } from '#lib/models/registry.ts';
import { writeSafetensors } from '#lib/weights/safetensors-write.ts';
import { bytesOf, WeightsError, type WeightSource } from '#lib/weights/source.ts';
import { lostFile, type ReadRange } from '#lib/weights/distant.ts';
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

/**
 * The reader's files that the worker has read: the last ones alone. Their bytes are held until they are checked; from then
 * on they are read from the file again, range by range, wherever a tensor is asked for.
 */
export class Shelf {
  readonly #ranges: (file: Readable) => ReadRange | undefined;
  #last: { readonly key: string; readonly opened: OpenedFiles } | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param ranges how ranges of a file are read at once; tests pass their own */
  constructor(ranges: (file: Readable) => ReadRange | undefined = rangesOf) {
    this.#ranges = ranges;
  }

  /** What files are. They are read once, however often the reader corrects what they are taken for. */
  async examine({ files, choices }: OwnRequest, watch: Watch = {}): Promise<Examined> {
    const opened = await this.#open(files, watch);
    try {
      return examine(opened, choices);
    } finally {
      for (const bytes of opened.again.values()) bytes.letGo();
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
    if (opened.sha256 !== own.sha256) {
      const said = {
        en: 'it has changed since it was opened; open it again',
        zh: '文件在打开之后被改动过；请重新打开',
      };
      throw new WeightsError(said, { file: opened.weights.file, gone: 'gone' });
    }
    for (const bytes of opened.again.values()) bytes.letGo();
    return bindWeights(chooseNetwork(opened.weights, own.prefix).source, config);
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
