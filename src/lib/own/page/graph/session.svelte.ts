import { SvelteMap } from 'svelte/reactivity';
import type { FaultRecord } from '#lib/base/errors.ts';
import type { Tensor, WireTensor } from '#lib/base/tensor.ts';
import { preprocess, type PreprocessSpec } from '#lib/images/preprocess.ts';
import type { OnnxFacts } from '../../reading/onnx/shelf.ts';
import type { FollowedPicture } from '#lib/pictures/followed.svelte.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { toRecord, type Progress } from '#lib/runtime/protocol.ts';

/** Values whose shapes are asked for in one run. */
const AT_A_TIME = 400;

/** A reader's ONNX file: what is in it, and the values of its graph that are asked for. Everything is reactive. */
export class GraphSession {
  readonly #engine: Pick<Engine, 'onnx' | 'onnxRun'>;
  readonly #files: readonly File[];
  readonly #seen: FollowedPicture;
  readonly #stop = new AbortController();
  facts = $state.raw<OnnxFacts>();
  progress = $state.raw<Progress>();
  /** Why it cannot be read, or why the last run failed. */
  fault = $state.raw<FaultRecord>();
  /** Shapes that a run has told, by value. */
  readonly shapes = new SvelteMap<string, readonly number[]>();
  running = $state(false);
  /** How pictures are prepared, as the reader has it. */
  spec = $state.raw<PreprocessSpec>();
  #value = $state.raw<{ readonly tensor: WireTensor; readonly of: Float32Array | undefined }>();
  #asked = 0;

  constructor(engine: Pick<Engine, 'onnx' | 'onnxRun'>, files: readonly File[], seen: FollowedPicture) {
    this.#engine = engine;
    this.#files = files;
    this.#seen = seen;
  }

  /** The prepared picture `[C, H, W]`; undefined for a graph without one, and before there is one. */
  readonly picture = $derived.by(() => {
    const { rgba } = this.#seen.picture;
    return rgba && this.spec && preprocess(rgba, this.spec);
  });

  /** Reads the file. */
  async read(prepare: (facts: OnnxFacts) => PreprocessSpec | undefined): Promise<void> {
    try {
      const onProgress = (p: Progress) => (this.progress = p);
      const facts = await this.#engine.onnx(this.#files, { signal: this.#stop.signal, onProgress });
      this.spec = prepare(facts);
      this.facts = facts;
    } catch (error) {
      this.fault = toRecord(error);
    }
  }
  stop(): void {
    this.#stop.abort();
  }

  /** Asks for the numbers of a value, with the picture as it is now. */
  async ask(name: string): Promise<void> {
    const asked = ++this.#asked;
    const { picture } = this;
    await this.#run(async () => {
      const { tensors } = await this.#engine.onnxRun(
        { files: this.#files, outputs: [name], picture },
        { key: 'onnx', signal: this.#stop.signal },
      );
      const [tensor] = tensors;
      if (asked !== this.#asked || !tensor) return;
      this.#value = { tensor, of: picture };
      this.shapes.set(name, tensor.shape);
    });
  }

  /** Asks for the shapes of all values that the file says none of. */
  async askShapes(): Promise<void> {
    const names = (this.facts?.graph.values ?? [])
      .filter(({ kind, shape, name }) => kind === 'node' && !shape && !this.shapes.has(name))
      .map(({ name }) => name);
    await this.#run(async () => {
      for (let at = 0; at < names.length; at += AT_A_TIME) {
        const outputs = names.slice(at, at + AT_A_TIME);
        const request = { files: this.#files, outputs, picture: this.picture, shapesOnly: true };
        const { tensors } = await this.#engine.onnxRun(request, { signal: this.#stop.signal });
        for (const { name, shape } of tensors) this.shapes.set(name, shape);
      }
    });
  }

  /** The value that was asked for last, if it is this one and of the present picture. */
  valueOf(name: string): Tensor | undefined {
    const { tensor, of } = this.#value ?? {};
    if (tensor?.name !== name || of !== this.picture) return undefined;
    return { ...tensor, dims: tensor.shape.map((_, i) => `d${i}`) };
  }

  async #run(work: () => Promise<void>): Promise<void> {
    this.running = true;
    this.fault = undefined;
    try {
      await work();
    } catch (error) {
      const fault = toRecord(error);
      if (fault.code !== 'cancelled') this.fault = fault;
    } finally {
      this.running = false;
    }
  }
}
