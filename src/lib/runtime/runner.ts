import { Fault } from '#lib/base/errors.ts';
import type { Graph } from '#lib/graph/graph.ts';
import type { WeightSource } from '#lib/graph/types.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import { letGo, letGoOfTaken } from '#lib/weights/distant.ts';
import { Lru } from './lru.ts';
import { Models } from './models.ts';
import type { Cache, CreateSession, Feed, Session, SessionOptions } from './ort.ts';
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
  /** The family without the variant: its members may share a session. */
  readonly kin: string;
  /** How many entries hold the session. */
  readonly holders: { count: number };
  /** Key of the entry that the session was made for, and whose bytes are the session's; none of that entry itself. */
  readonly owner?: string;
}

export interface RunnerTools {
  readonly device: Device;
  readonly createSession: CreateSession;
  /** `like`: the graph of another variant, with which the session is to be shared. */
  readonly prepare: (
    weights: WeightSource,
    ref: ModelRef,
    request: RunRequest,
    like?: Graph,
  ) => PreparedModel;
  /** What the session of another variant is fed to serve this request; undefined where it cannot. */
  readonly share?: (
    of: PreparedModel,
    weights: WeightSource,
    ref: ModelRef,
    request: RunRequest,
  ) => PreparedModel | undefined;
  readonly weights: (ref: ModelRef, signal: AbortSignal) => Promise<WeightSource>;
  readonly now?: () => number;
  readonly limits?: { count: number; bytes: number };
}

/** What sessions may hold: less on a device that says it has little memory. */
const sessionLimits = () => ({ count: 12, bytes: hasRoom() ? 600e6 : 250e6 });

/** A session that computes so many tensors nobody asked for is not used in place of a smaller one. */
const SPARE_OUTPUTS = 24;

/**
 * Runs forward passes. Sessions are kept by model, variant, interventions and sorted outputs, bounded in count and bytes.
 * On WASM the second variant of a model is given a session that leaves open in what the variants differ (a few weights,
 * shapes), and every further variant is fed to that one: no weight is copied and packed a third time.
 */
export class Runner {
  readonly #sessions: Lru<Ready>;
  readonly #tools: RunnerTools;
  readonly #now: () => number;
  /** What the passes of a program have left for the next, by the key of their requests. */
  readonly #caches = new Map<string, Cache>();
  /** Settles when everything dropped so far is freed. */
  #released: Promise<unknown> = Promise.resolve();

  constructor(tools: RunnerTools) {
    this.#tools = tools;
    this.#now = tools.now ?? (() => performance.now());
    this.#sessions = new Lru(tools.limits ?? sessionLimits(), ({ session, holders }) => {
      if (--holders.count > 0) return;
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
    const tensors = await ready.session.run(feeds, [...request.outputs], this.#cacheOf(request));
    const ms = this.#now() - start;
    await context.breathe();
    return { tensors, ms, sessionMs, device };
  }

  async #session(request: RunRequest, context: JobContext): Promise<Ready> {
    const { variant = {}, batch = 1, interventions = false, lasting = false } = request;
    const changes = Object.entries(variant).sort().join(' ');
    const kin = [Models.key(request.model), batch, interventions, lasting].join('|');
    const family = `${kin}|${changes}`;
    const carried = Object.keys(request.carry?.feeds ?? {});
    const outputs = [...new Set([...request.outputs, ...carried])];
    const key = `${family}|${[...outputs].sort().join(',')}|${carried.join(',')}`;
    const kept = this.#sessions.get(carried.length > 0 ? key : this.#covering(key, family, outputs));
    if (kept) return this.#used(kept);
    const weights = await this.#tools.weights(request.model, context.signal);
    await context.breathe();
    const asked = { ...request, outputs };
    // Sessions that last are optimised for one shape, and a GPU keeps shapes in its own memory.
    const alone = this.#tools.device !== 'wasm' || lasting || carried.length > 0;
    const siblings = alone ? [] : this.#siblings(kin, outputs);
    const shared = this.#share(siblings, weights, asked);
    if (shared) {
      const ready = { ...shared, family, kin };
      this.#sessions.set(key, ready, ready.prepared.bytes);
      return this.#used(ready);
    }
    const prepared = this.#tools.prepare(weights, request.model, asked, siblings[0]?.prepared.graph);
    this.#sessions.reserve(prepared.bytes);
    const session = await this.#create(prepared, { lasting, held: carried }, (made) =>
      (made ? letGoOfTaken : letGo)(weights.buffers.values()),
    );
    const ready = { session, prepared, outputs: new Set(outputs), family, kin, holders: { count: 1 } };
    this.#sessions.set(key, ready, prepared.bytes);
    return ready;
  }

  /** Whose session is used counts as used after its guests, so that its bytes are counted as long as they are held. */
  #used(ready: Ready): Ready {
    if (ready.owner !== undefined) this.#sessions.get(ready.owner);
    return ready;
  }

  /** Kept sessions of other variants with these outputs, by their keys. */
  #siblings(kin: string, outputs: readonly string[]): (Ready & { readonly key: string })[] {
    return [...this.#sessions.entries()]
      .map(([key, ready]) => ({ ...ready, key }))
      .filter((ready) => ready.kin === kin && outputs.every((name) => ready.outputs.has(name)));
  }

  /** One of these sessions, fed so that it answers the request; its holders are one more. */
  #share(
    siblings: readonly (Ready & { readonly key: string })[],
    weights: WeightSource,
    request: RunRequest,
  ): Omit<Ready, 'family' | 'kin'> | undefined {
    for (const { key, prepared: of, session, outputs, holders, owner = key } of siblings) {
      const prepared = of.open && this.#tools.share?.(of, weights, request.model, request);
      if (!prepared) continue;
      holders.count++;
      return { session, prepared, outputs, holders, owner };
    }
    return undefined;
  }

  /**
   * A new session; where its memory is refused, all others make room for it.
   * @param taken told whether it was made: what is held of the files of its weights may go
   */
  async #create(
    { encoded }: PreparedModel,
    options: SessionOptions,
    taken: (made: boolean) => void,
  ): Promise<Session> {
    await this.#released;
    try {
      const session = await this.#tools.createSession(encoded, options);
      taken(true);
      return session;
    } catch (error) {
      taken(false);
      if (!(error instanceof Fault) || error.code !== 'wasm-memory' || this.#sessions.size === 0) throw error;
      this.#sessions.clear();
      await this.#released;
      return this.#tools.createSession(encoded, options);
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

  /** What the last pass of the request's key left for this one, to be filled anew; undefined without a cache. */
  #cacheOf({ carry }: RunRequest): Cache | undefined {
    if (!carry) return undefined;
    const cache = this.#caches.get(carry.key) ?? { feeds: carry.feeds, held: new Map<string, unknown>() };
    this.#caches.set(carry.key, cache);
    return cache;
  }

  /** Gives up what the passes of a key have left. */
  drop(key: string): void {
    const cache = this.#caches.get(key);
    this.#caches.delete(key);
    cache?.release?.();
  }

  #feeds({ graph, encoded, neutral, open }: PreparedModel, { inputs, carry }: RunRequest): Feed[] {
    const given = new Map(open?.feeds.map((feed) => [feed.name, feed]));
    const held = carry && this.#caches.get(carry.key)?.held;
    return encoded.inputs.flatMap((name) => {
      if (held?.has(name)) return [];
      const feed = given.get(name);
      if (feed) return [feed];
      const { shape } = graph.value(name);
      const data = inputs[name] ?? neutral[name];
      if (!data) throw new Fault('run-failed', { tensor: name, reason: `input ${name} is missing` });
      if (data.length !== sizeOf(shape)) {
        const reason = `input ${name} has ${data.length} values, not [${shape.join(', ')}]`;
        throw new Fault('run-failed', { tensor: name, reason });
      }
      return [{ name, shape, data }];
    });
  }
}
