import { Fault } from '#lib/base/errors.ts';
import type { WeightSource } from '#lib/graph/types.ts';
import { sizeOf, type WireTensor } from '#lib/base/tensor.ts';
import { Lru } from './lru.ts';
import { Models } from './models.ts';
import type { CreateSession, Session } from './ort.ts';
import type { PreparedModel } from './prepare.ts';
import type { ModelRef, RunRequest, RunResult } from './protocol.ts';
import type { Device } from '#lib/base/device.ts';
import type { JobContext } from './queue.ts';
import { hasRoom } from './memory.ts';

/** A session with what is needed to feed it. */
interface Ready {
  readonly session: Session;
  readonly prepared: PreparedModel;
  readonly outputs: ReadonlySet<string>;
  /** All but the outputs: model, variant, batch, interventions. */
  readonly family: string;
}

export interface RunnerTools {
  readonly device: Device;
  readonly createSession: CreateSession;
  readonly prepare: (weights: WeightSource, ref: ModelRef, request: RunRequest) => PreparedModel;
  readonly weights: (ref: ModelRef, signal: AbortSignal) => Promise<WeightSource>;
  readonly now?: () => number;
  readonly limits?: { count: number; bytes: number };
}

/** What sessions may hold: less on a device that says it has little memory. */
const sessionLimits = () => ({ count: 12, bytes: hasRoom() ? 600e6 : 250e6 });

/** A session that computes so many tensors nobody asked for is not used in place of a smaller one. */
const SPARE_OUTPUTS = 24;

/** Runs forward passes. Sessions are kept by model, variant, interventions and sorted outputs, bounded in count and bytes. */
export class Runner {
  readonly #sessions: Lru<Ready>;
  readonly #tools: RunnerTools;
  readonly #now: () => number;
  /** Settles when everything dropped so far is freed. */
  #released: Promise<unknown> = Promise.resolve();

  constructor(tools: RunnerTools) {
    this.#tools = tools;
    this.#now = tools.now ?? (() => performance.now());
    this.#sessions = new Lru(tools.limits ?? sessionLimits(), ({ session }) => {
      this.#released = Promise.allSettled([this.#released, session.release()]);
    });
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** Estimated bytes of the kept sessions: float32 weights and the tensors they return. */
  get bytes(): number {
    return this.#sessions.bytes;
  }

  clear(): void {
    this.#sessions.clear();
  }

  /**
   * One request. The context is asked between the parts whether the answer is still wanted.
   * Throws Fault: `cancelled`, those of the model's download, `wasm-memory`, `run-failed`.
   */
  async run(request: RunRequest, context: JobContext): Promise<RunResult> {
    const began = this.#now();
    const ready = await this.#session(request, context);
    await context.breathe();
    const sessionMs = this.#now() - began;
    const { device } = this.#tools;
    if (request.prepareOnly) return { tensors: [], ms: 0, sessionMs, device };
    const feeds = this.#feeds(ready.prepared, request);
    const start = this.#now();
    const tensors = await ready.session.run(feeds, [...request.outputs]);
    const ms = this.#now() - start;
    await context.breathe();
    return { tensors, ms, sessionMs, device };
  }

  async #session(request: RunRequest, context: JobContext): Promise<Ready> {
    const { variant = {}, batch = 1, interventions = false, lasting = false } = request;
    const changes = Object.entries(variant).sort().join(' ');
    const family = [Models.key(request.model), changes, batch, interventions, lasting].join('|');
    const key = `${family}|${[...request.outputs].sort().join(',')}`;
    const kept = this.#sessions.get(this.#covering(key, family, request.outputs));
    if (kept) return kept;
    const weights = await this.#tools.weights(request.model, context.signal);
    await context.breathe();
    const prepared = this.#tools.prepare(weights, request.model, request);
    this.#sessions.reserve(prepared.bytes);
    const session = await this.#create(prepared, lasting);
    const ready = { session, prepared, outputs: new Set(request.outputs), family };
    this.#sessions.set(key, ready, prepared.bytes);
    return ready;
  }

  /** A new session; where its memory is refused, all others make room for it. */
  async #create({ encoded }: PreparedModel, lasting: boolean): Promise<Session> {
    await this.#released;
    try {
      return await this.#tools.createSession(encoded, { lasting });
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'wasm-memory' || this.#sessions.size === 0) throw error;
      this.#sessions.clear();
      await this.#released;
      return this.#tools.createSession(encoded, { lasting });
    }
  }

  /** Key of a kept session with these outputs, or with a few more; else `key`. */
  #covering(key: string, family: string, outputs: readonly string[]): string {
    let best = key;
    let spare = SPARE_OUTPUTS + 1;
    for (const [other, ready] of this.#sessions.entries()) {
      if (other === key) return key;
      const more = ready.outputs.size - outputs.length;
      if (ready.family !== family || more < 0 || more >= spare) continue;
      if (!outputs.every((name) => ready.outputs.has(name))) continue;
      best = other;
      spare = more;
    }
    return best;
  }

  #feeds({ graph, encoded, neutral }: PreparedModel, { inputs }: RunRequest): WireTensor[] {
    return encoded.inputs.map((name) => {
      const { shape } = graph.value(name);
      const data = inputs[name] ?? neutral[name];
      if (!data) throw new Fault('run-failed', { tensor: name, reason: `input ${name} is missing` });
      if (data.length !== sizeOf(shape)) {
        const reason = `input ${name} has ${data.length} values, not [${shape.join(', ')}]`;
        throw new Fault('run-failed', { tensor: name, reason });
      }
      return { name, shape, data };
    });
  }
}
