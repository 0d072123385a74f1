import {
  graphOf,
  sameVariant,
  variantOf,
  withVariant,
  type InputValues,
  type Variant,
} from '#lib/models/registry.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import type { Graph } from '#lib/graph/index.ts';
import { trainedVariants, type ModelConfig } from '#lib/models/model-config.ts';
import type { CallOptions } from '#lib/runtime/client.ts';
import { cancellable } from '#lib/runtime/cancellable.ts';
import { fetchConfig } from '#lib/runtime/fetch-config.ts';
import { nearestVariants, Prefetch } from './prefetch.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { modelFolder } from '#lib/runtime/addresses.ts';
import {
  toRecord,
  type ModelRef,
  type Progress,
  type RunRequest,
  type RunResult,
  type Timing,
} from '#lib/runtime/protocol.ts';
import { hasRoom } from '#lib/runtime/memory.ts';
import { FirstTensors, named } from './first-tensors.ts';
import { Lateness } from './lateness.svelte.ts';
import { TensorStore } from './tensor-store.svelte.ts';
import { sameGraph, sameValues, type PassAnswer, type PassRequest, type Wish } from './wish.ts';

export type { Timing };

type Bytes = Pick<Progress, 'loaded' | 'total' | 'fromCache'>;

/** A wish with the worker. */
interface Flight {
  readonly wish: number;
  /** When it was wished for. */
  readonly since: number;
  readonly of: Wish;
  readonly stop: AbortController;
}

let count = 0;

/**
 * A model that answers wishes: set `variant`, `inputs` or `interventions`, and the wanted tensors arrive in `tensors`,
 * all of one wish together; the old ones stay until then. While a slider moves, each answer that is newer than what
 * is shown is shown, even if a still newer wish waits (`tensors.stale`); a wish for another graph (variant,
 * interventions or none) puts an end to the one under way. Everything public is reactive.
 * `C` is the configuration of the model's family, for those who read it.
 * The configuration (and with it `graph`: shapes and docs) comes first; weights and runtime when a tensor is wanted.
 */
export class LiveModel<C extends object = object> {
  readonly name: string;
  readonly tensors: TensorStore;
  readonly #engine: Engine;
  readonly #key = `live-${++count}`;
  readonly #looksAhead: boolean;
  #phase = $state<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  #fault = $state.raw<FaultRecord>();
  #config = $state.raw<ModelConfig<C>>();
  #weights = $state.raw<Bytes>();
  #timing = $state.raw<Timing>();
  #variant = $state.raw<Variant>({});
  #inputs = $state.raw<InputValues>();
  #interventions = $state.raw<InputValues>();
  #batch = $state(1);
  readonly #graph = $derived.by(() => this.#build());
  #shown = $state.raw<Wish>();
  readonly #lateness = new Lateness(() => this.tensors.pending);
  /** Number of the newest wish, and when it was made. */
  #wish = 1;
  #wished = 0;
  #scheduled = false;
  readonly #ahead = new Prefetch((variant, signal) => this.#prepare(variant, signal));
  #flight: Flight | undefined;
  readonly #first: FirstTensors;
  #loading: Promise<boolean> | undefined;
  #stopLoading: AbortController | undefined;
  #describing: Promise<ModelConfig<C>> | undefined;
  /** A failed or cancelled load waits for `retry`. */
  #halted = false;
  /** A cancelled run waits for the next wish or want. */
  #quiet = false;

  /** Of a folder under `models/`, or of a network without weights. `ahead: false`: builds no sessions in advance. */
  constructor(engine: Engine, model: string | ModelConfig<C>, { ahead = true }: { ahead?: boolean } = {}) {
    this.#engine = engine;
    this.#looksAhead = ahead;
    this.name = typeof model === 'string' ? model : model.name;
    if (typeof model !== 'string') this.#describing = Promise.resolve((this.#config = model));
    this.tensors = new TensorStore({
      onwants: () => this.#awake(),
    });
    this.#first = new FirstTensors(engine, this.tensors, `${this.#key}-first`);
    if (typeof window !== 'undefined') this.describe().catch(() => {});
  }

  /** `idle`: nothing asked for, or cancelled. `loading`: runtime and weights are coming. `failed`: see `fault`. */
  get phase() {
    return this.#phase;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault ?? (this.#phase === 'ready' ? this.#engine.status.fault : undefined);
  }
  get config(): ModelConfig<C> | undefined {
    return this.#config;
  }
  /** Shapes, dims and docs of the wished variant; there as soon as the configuration is, before any weights. */
  get graph(): Graph | undefined {
    return this.#graph;
  }
  /** Milliseconds of the newest forward pass. */
  get ms(): number | undefined {
    return this.#timing?.forward;
  }
  get timing(): Timing | undefined {
    return this.#timing;
  }
  /** A newer result than the one shown is being computed. */
  get pending(): boolean {
    return this.tensors.pending;
  }
  /** Pending, and nothing new was shown for a while: time to dim a figure. Stays false while a slider repaints. */
  get late(): boolean {
    return this.#lateness.late;
  }
  /** What the tensors on screen were computed from; with `tensors.stale` that is not the newest wish. */
  get shown(): Wish | undefined {
    return this.#shown;
  }
  /** Bytes of runtime and weights together, while they are coming. */
  get progress(): Bytes | undefined {
    if (this.#phase !== 'loading') return undefined;
    const parts = [this.#engine.status.progress, this.#weights].filter((p) => p !== undefined);
    if (parts.length === 0) return undefined;
    const sum = (pick: (p: Bytes) => number) => parts.reduce((total, p) => total + pick(p), 0);
    return {
      loaded: sum((p) => p.loaded),
      total: sum((p) => p.total),
      fromCache: parts.every((p) => p.fromCache),
    };
  }

  /** The wished variant: the stored values of all fields that may change, with the wish's own over them. */
  get variant(): Variant {
    return this.#config ? { ...variantOf(this.#config), ...this.#variant } : this.#variant;
  }
  set variant(value: Variant) {
    if (sameVariant(value, this.#variant)) return;
    this.#variant = value;
    this.#changed();
  }
  /**
   * Values of the graph's inputs, flat, in its shapes: the preprocessed picture `[3, S, S]` (with a `batch`,
   * `[batch, 3, S, S]`), a denoiser's time. Without them nothing is computed.
   */
  get inputs(): InputValues | undefined {
    return this.#inputs;
  }
  set inputs(value: InputValues | undefined) {
    if (sameValues(value, this.#inputs)) return;
    this.#inputs = value;
    this.#changed();
  }
  /** Values of intervention inputs. Undefined: a graph without them. `{}`: one with them, all neutral. */
  get interventions(): InputValues | undefined {
    return this.#interventions;
  }
  set interventions(value: InputValues | undefined) {
    if (value === this.#interventions) return;
    this.#interventions = value;
    this.#changed();
  }
  /** Pictures at once, 1 by default. Tensors of a larger batch keep it as their first dimension. */
  get batch(): number {
    return this.#batch;
  }
  set batch(value: number) {
    if (value === this.#batch) return;
    this.#batch = value;
    this.#changed();
  }

  /** Fetches the model's configuration, once. Rejects with a Fault, which is shown as well. */
  describe(): Promise<ModelConfig<C>> {
    this.#describing ??= fetchConfig(modelFolder(this.name)).then(
      // A family's configuration is what its `check` has passed; which family it is, the caller knows.
      (config) => (this.#config = config as ModelConfig<C>),
      (error: unknown) => {
        this.#describing = undefined;
        this.#failLoading(error);
        throw error;
      },
    );
    return this.#describing;
  }

  /** Brings runtime and weights here, before or without a tensor being wanted. False: it failed, `fault` says how. */
  load(): Promise<boolean> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /**
   * One pass beside what is shown, at the wished variant: other inputs, the same weights. For a series of questions
   * whose answers are put together (an occlusion map, a sweep over blocks); the tensors on screen stay as they are.
   * @throws Fault those of a run; `run-failed` before the configuration is there
   */
  async pass(asked: PassRequest, options: CallOptions = {}): Promise<PassAnswer> {
    const { inputs, outputs, batch = 1, interventions = false, variant = this.variant } = asked;
    const config = await this.describe();
    const request = { model: this.#ref(config), variant, batch, outputs, inputs, interventions };
    const { tensors, ms } = await this.#engine.run(request, options);
    return { tensors: named(graphOf(withVariant(config, variant), { batch, interventions }), tensors), ms };
  }

  /** Stops what is under way. A stopped download starts again with `retry`, where it stopped. */
  cancel(): void {
    if (this.#phase === 'loading') this.#halted = true;
    this.#quiet = true;
    this.#ahead.stop();
    this.#stopLoading?.abort();
    this.#flight?.stop.abort();
    this.#await(false);
  }

  /** After a failure or a cancel: tries again, with a fresh worker where the runtime itself failed. */
  async retry(): Promise<void> {
    const fresh = this.#fault?.code === 'run-failed' || this.#fault?.code === 'wasm-memory';
    this.#halted = false;
    this.#quiet = false;
    this.#fault = undefined;
    if (fresh) await this.#engine.restart().catch(() => {});
    if (await this.load()) this.#schedule();
  }

  #ref(config: ModelConfig): ModelRef {
    return { url: modelFolder(this.name), config };
  }

  #build(): Graph | undefined {
    if (!this.#config) return undefined;
    const interventions = this.#interventions !== undefined;
    return graphOf(withVariant(this.#config, this.#variant), { interventions });
  }

  #changed(): void {
    this.tensors.newest = ++this.#wish;
    this.#wished = performance.now();
    this.#awake();
  }

  /** Says whether an answer is on its way; one that takes long becomes `late`. */
  #await(pending: boolean): void {
    this.tensors.pending = pending;
    if (pending) this.#lateness.await();
    else this.#lateness.reset();
  }

  /** Something new is asked for. */
  #awake(): void {
    this.#quiet = false;
    this.#ahead.stop();
    const computes =
      this.#phase === 'ready' && this.#inputs !== undefined && this.tensors.missing(this.#wish).length > 0;
    if (computes) this.#await(true);
    this.#schedule();
  }

  /** Gathers the wishes and wants of one turn of the event loop into one request. */
  #schedule(): void {
    if (this.#scheduled || this.#halted || this.#quiet || typeof window === 'undefined') return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      void this.#send();
    });
  }

  async #load(): Promise<boolean> {
    const stop = (this.#stopLoading = new AbortController());
    this.#phase = 'loading';
    this.#fault = undefined;
    // Neither waits for the other: runtime and weights come side by side, the configuration before the weights alone.
    const starting = cancellable(this.#engine.start(), stop.signal);
    starting.catch(() => {});
    try {
      const config = await this.describe();
      const onProgress = ({ stage: _, ...bytes }: Progress) => (this.#weights = bytes);
      const weights = this.#engine.load(this.#ref(config), { signal: stop.signal, onProgress });
      this.#askFirst();
      await Promise.all([weights, starting]);
      this.#phase = 'ready';
      return true;
    } catch (error) {
      stop.abort();
      this.#failLoading(error);
      this.#loading = undefined;
      return false;
    } finally {
      this.#weights = undefined;
    }
  }

  #failLoading(error: unknown): void {
    const fault = toRecord(error);
    this.#halted = true;
    this.#await(false);
    this.#first.forget();
    if (fault.code === 'cancelled') return void (this.#phase = 'idle');
    this.#phase = 'failed';
    this.#fault = fault;
    if (fault.code === 'offline') addEventListener('online', () => void this.retry(), { once: true });
  }

  async #send(): Promise<void> {
    const outputs = this.tensors.missing(this.#wish);
    if (this.#flight?.wish === this.#wish) return;
    if (outputs.length === 0) return this.#lookAhead();
    if (this.#phase !== 'ready') {
      this.#askFirst();
      if (await this.load()) this.#schedule();
      return;
    }
    const graph = this.graph;
    const { variant, inputs, interventions, batch } = this;
    if (!inputs || !graph) return;
    const of: Wish = {
      variant,
      inputs: { ...inputs, ...interventions },
      interventions: interventions !== undefined,
      batch,
    };
    // A pass that uses the same session is let finish: it will be shown, and this wish is sent after it.
    if (this.#flight && !this.#flight.stop.signal.aborted && sameGraph(this.#flight.of, of)) return;
    const stop = new AbortController();
    const flight: Flight = (this.#flight = { wish: this.#wish, since: this.#wished, of, stop });
    this.#await(true);
    this.#fault = undefined;
    try {
      const request = this.#request(variant, outputs, of.inputs);
      const result = await this.#engine.run(request, { key: this.#key, signal: stop.signal });
      if (this.#flight === flight) this.#show(flight, graph, result);
    } catch (error) {
      if (this.#flight === flight) this.#stumble(toRecord(error));
    } finally {
      if (this.#flight === flight) {
        this.#flight = undefined;
        if (!this.#fault || flight.wish !== this.#wish) this.#schedule();
      }
    }
  }

  /** While the weights are on their way. */
  #askFirst(): void {
    const { variant, inputs, graph } = this;
    if (this.#phase !== 'loading' || !graph || !inputs || this.#interventions || this.#batch > 1) return;
    const model = this.#ref(this.#config!);
    void this.#first.ask(this.#wish, { model, variant, inputs }, graph, this.#stopLoading!.signal);
  }

  #request(variant: Variant, outputs: readonly string[], inputs: InputValues): RunRequest {
    const interventions = this.#interventions !== undefined;
    return { model: this.#ref(this.#config!), variant, batch: this.batch, outputs, inputs, interventions };
  }

  /** All wishes are answered: time for what may be asked next. */
  #lookAhead(): void {
    this.#await(false);
    const { variant, config } = this;
    const wanted = this.tensors.wanted.length;
    if (this.#phase !== 'ready' || !config || !wanted) return;
    if (this.#looksAhead && hasRoom())
      this.#ahead.plan([variant, ...nearestVariants(trainedVariants(config), variant)], wanted);
  }

  /** Builds the session of another variant before it is asked for, and the graph that this side will ask of it. */
  #prepare(variant: Variant, signal: AbortSignal): Promise<RunResult> {
    graphOf(withVariant(this.#config!, variant), { interventions: this.#interventions !== undefined });
    const request = { ...this.#request(variant, this.tensors.wanted, {}), prepareOnly: true };
    return this.#engine.run(request, { key: `${this.#key}-ahead`, signal });
  }

  #show({ wish, since, of }: Flight, graph: Graph, { tensors, ms, sessionMs }: RunResult): void {
    this.tensors.show(wish, named(graph, tensors));
    this.#shown = of;
    this.#lateness.reset();
    this.#await(this.tensors.missing(this.#wish).length > 0);
    this.#timing = { forward: ms, session: sessionMs, total: performance.now() - since };
  }

  /** A run that failed or was stopped; the next wish tries again. */
  #stumble(fault: FaultRecord): void {
    this.#await(false);
    this.#fault = fault.code === 'cancelled' ? undefined : fault;
  }
}
