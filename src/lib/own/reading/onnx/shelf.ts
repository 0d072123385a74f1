import type { Text } from '#lib/base/lang.ts';
import { fileKind } from '#lib/weights/file-kind.ts';
import { WeightsError } from '#lib/weights/source.ts';
import { readWhole, type Readable, type ReadOptions } from '../bytes.ts';
import { attentionsIn, type OnnxAttention } from './attention.ts';
import { feedsOf, type FeedPlan } from './feeds.ts';
import { readOnnx, type OnnxGraph } from './graph.ts';
import { hindrances } from './runnable.ts';

/** All that is said of an ONNX file before it is run. */
export interface OnnxFacts {
  readonly graph: OnnxGraph;
  readonly feeds: readonly FeedPlan[];
  readonly attentions: readonly OnnxAttention[];
  /** What is computed beside the file's own graph, as a message that follows it: fused attentions, unfused. */
  readonly beside: Uint8Array | undefined;
  /** What keeps the runtime from it; none: it can be tried. */
  readonly hindrances: readonly Text[];
}

/** An ONNX file that was read, with the files of weights beside it. */
export interface OpenedOnnx {
  readonly facts: OnnxFacts;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
}

const NOT_ONE = {
  en: 'none of these files is an ONNX model',
  zh: '这些文件中没有 ONNX 模型',
};

/**
 * Reads an ONNX file and what lies beside it.
 * @throws WeightsError for a file that is none, or is damaged; Fault `cancelled`
 */
export async function openOnnx(files: readonly Readable[], options: ReadOptions = {}): Promise<OpenedOnnx> {
  const main = files.find(({ name }) => /\.(onnx|ort)$/i.test(name)) ?? files[0];
  if (!main) throw new WeightsError(NOT_ONE);
  const bytes = await readWhole(main, options);
  if (fileKind(bytes) !== 'onnx' && !/\.onnx$/i.test(main.name))
    throw new WeightsError(NOT_ONE, { file: main.name });
  const beside = files.filter((file) => file !== main);
  const facts = factsOf(
    bytes,
    main.name,
    beside.map(({ name }) => name),
  );
  const external: { path: string; data: Uint8Array }[] = [];
  for (const path of facts.graph.external) {
    const file = beside.find(({ name }) => path.split(/[\\/]/).at(-1) === name);
    if (file) external.push({ path, data: await readWhole(file, options) });
  }
  return { facts, bytes, external };
}

/** What is said of the bytes of an ONNX file. @throws WeightsError */
export function factsOf(bytes: Uint8Array, file: string, beside: readonly string[]): OnnxFacts {
  const own = readOnnx(bytes, file);
  return {
    ...attentionsIn(own),
    feeds: feedsOf(own),
    hindrances: hindrances(own, beside),
  };
}

/** The ONNX file of the reader's that the worker has read last. */
export class OnnxShelf {
  #last: { readonly key: string; readonly opened: Promise<OpenedOnnx> } | undefined;

  /** Reads the files once, however often they are asked. @throws as `openOnnx` */
  open(
    files: readonly (Readable & { readonly lastModified: number })[],
    options: ReadOptions = {},
  ): Promise<OpenedOnnx> {
    const key = files.map((f) => `${f.name} ${f.size} ${f.lastModified}`).join('\n');
    if (this.#last?.key !== key) {
      const opened = openOnnx(files, options);
      this.#last = { key, opened };
      opened.catch(() => (this.#last = undefined));
    }
    return this.#last.opened;
  }
}
