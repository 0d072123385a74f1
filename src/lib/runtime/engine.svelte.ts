import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import type { Examined } from '#lib/own/reading/examined.ts';
import type { OnnxFacts } from '#lib/own/reading/onnx/shelf.ts';
import type { OwnRequest } from '#lib/own/reading/shelf.ts';
import type { ProgramCall, ProgramStep } from '#lib/programs/program.ts';
import { assetUrls } from './assets.ts';
import type { BuildId } from './builds.ts';
import { Client, type CallOptions } from './client.ts';
import { isolate } from './isolate.ts';
import { keepDevice, wishedDevice } from './addresses.ts';
import {
  toRecord,
  type AdapterFacts,
  type FirstRequest,
  type FromWorker,
  type ModelRef,
  type OnnxRequest,
  type Port,
  type ProgramRequest,
  type ProgramResult,
  type Progress,
  type Requests,
  type RunRequest,
  type RunResult,
  type StartOptions,
  type ToWorker,
  type WorkerStats,
} from './protocol.ts';
import type { Device, DeviceReason } from '#lib/base/device.ts';
import type { WireTensor } from '#lib/base/tensor.ts';

export interface EngineStatus {
  readonly phase: 'idle' | 'loading' | 'ready' | 'failed';
  readonly device?: Device;
  /** Threads of the WASM backend. */
  readonly threads?: number;
  readonly build?: BuildId;
  /** Why it runs where it runs; in words: `deviceReason` in base/faults.ts. */
  readonly reason?: DeviceReason;
  /** What the browser said about a refused or wrong device. */
  readonly detail?: string;
  readonly adapter?: AdapterFacts;
  /** max |Δ| of the self-check on the chosen device. */
  readonly selfCheck?: number;
  /** Bytes of the runtime itself while it is downloaded. */
  readonly progress?: Pick<Progress, 'loaded' | 'total' | 'fromCache'>;
  /** Why it failed, or that the device was lost and a new one is being built. */
  readonly fault?: FaultRecord;
}

/** A run of a program, its spec in its own type. */
export type ProgramRun<Spec> = Omit<ProgramRequest, 'program' | 'spec'> & { readonly spec: Spec };
export type ProgramOptions<Step> = Omit<CallOptions, 'onStep'> & { readonly onStep?: (step: Step) => void };

/** What the engine needs of a `Worker`. */
export type WorkerPort = Port<ToWorker, FromWorker> & {
  terminate(): void;
  onerror: ((event: ErrorEvent) => void) | null;
};

const newWorker = (): WorkerPort =>
  new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'patchwork-runtime',
  }) as WorkerPort;

/** The worker's script did not come, or threw: a fault of the download as far as one can see from outside. */
function workerFault(event: ErrorEvent): Fault {
  if (navigator.onLine === false) return new Fault('offline', { file: 'worker.js' });
  return new Fault('runtime-download', {
    file: 'worker.js',
    ...(event.message && { reason: event.message }),
  });
}

/** A device lost so often is not tried again on this page. */
const LOSSES_BORNE = 2;

/**
 * The page's side of the runtime: one worker, started at the first use, replaced when its GPU device is lost.
 * `status` is reactive. Everything rejects with a Fault.
 */
export class Engine {
  #status = $state.raw<EngineStatus>({ phase: 'idle' });
  readonly #createWorker: () => WorkerPort;
  #worker: WorkerPort | undefined;
  #client: Client | undefined;
  #starting: Promise<void> | undefined;
  #losses = 0;
  /** The download that nobody has asked for yet. */
  #ahead: { readonly url: string; readonly stop: AbortController } | undefined;
  /** Counts the workers that were given up. */
  #epoch = 0;
  #prefer: Device | undefined;
  /** Why this page will not try WebGPU again. */
  #wrong: StartOptions['because'];

  /** Tests pass a worker of their own. */
  constructor(createWorker: () => WorkerPort = newWorker) {
    this.#createWorker = createWorker;
  }

  get status(): EngineStatus {
    return this.#status;
  }

  /**
   * Downloads the runtime and chooses the device; at once when that was done. After a failure it tries again.
   * `prefer` goes before `?device=` in the address and the kept choice.
   */
  start(options: { prefer?: Device } = {}): Promise<void> {
    if (options.prefer) this.#prefer = options.prefer;
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /** Takes another device, now and at later visits; undefined leaves the choice to the site. */
  async choose(device: Device | undefined): Promise<void> {
    keepDevice(device);
    this.#prefer = device;
    this.#losses = 0;
    this.#wrong = undefined;
    this.#stop(new Fault('device-lost'));
    await this.start();
  }

  /** The GPU gave wrong numbers: this page goes on with WASM. `detail` says which tensor was off, and how far. */
  async distrust(detail: string): Promise<void> {
    this.#wrong = { reason: 'self-check-failed', detail };
    this.#stop(new Fault('device-lost'));
    await this.start();
  }

  /** Starts anew with a fresh worker, for example after memory was refused. */
  restart(): Promise<void> {
    this.#stop(new Fault('device-lost'));
    return this.start();
  }

  /** Downloads a model's weights into the worker, with progress, if they aren't there. Needs no device yet. */
  async load(ref: ModelRef, options: CallOptions = {}): Promise<void> {
    const done = this.#resilient(() => this.#connect().call('load', ref, options), options.signal);
    if (this.#ahead?.url === ref.url) this.#ahead.stop.abort();
    await done;
  }

  /** Reads files of the reader's in the worker, and says what they are. Needs no device. */
  examine(request: OwnRequest, options: CallOptions = {}): Promise<Examined> {
    return this.#resilient(() => this.#connect().call('examine', request, options), options.signal);
  }

  /** Nothing is opened of the files that were read last: the worker need not hold their bytes. */
  letGo(): void {
    this.#client?.call('letGo', null).catch(() => {}); // a worker that is gone holds none
  }

  /** Reads an ONNX file of the reader's in the worker, and says what is in it. Needs no device. */
  onnx(files: OwnRequest['files'], options: CallOptions = {}): Promise<OnnxFacts> {
    return this.#resilient(() => this.#connect().call('onnx', { files }, options), options.signal);
  }

  /** Values of the graph of a reader's ONNX file. */
  onnxRun(request: OnnxRequest, options: CallOptions = {}): Promise<Requests['onnxRun']['out']> {
    return this.#resilient(async () => {
      await this.start();
      return this.#connect().call('onnxRun', request, options);
    }, options.signal);
  }

  /** The weights of a reader's model as a safetensors file under the graph's names. */
  async written(ref: ModelRef): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#resilient(() => this.#connect().call('written', ref), undefined)).bytes;
  }

  /** What a model's first weights tell of an input while the others are still coming; nothing for most networks. */
  async first(request: FirstRequest, options: CallOptions = {}): Promise<readonly WireTensor[]> {
    const asked = this.#resilient(() => this.#connect().call('first', request, options), options.signal);
    return (await asked).tensors;
  }

  /**
   * Begins a download that will be asked for. `load` takes it over where it is, with progress and cancel: the worker
   * ends a download with the last who waits for it. Says nothing of faults: `load` meets them again.
   */
  ahead(ref: ModelRef): void {
    const stop = new AbortController();
    this.#ahead = { url: ref.url, stop };
    const { signal } = stop;
    this.#resilient(() => this.#connect().call('load', ref, { signal }), signal).catch(() => {});
  }

  /**
   * One forward pass. With `options.key`, newer requests of that key supersede older ones, which reject with
   * `cancelled`. A request interrupted by a lost device is sent again to the next one.
   */
  run(request: RunRequest, options: CallOptions = {}): Promise<RunResult> {
    return this.#resilient(async () => {
      await this.start();
      return this.#connect().call('run', request, options);
    }, options.signal);
  }

  /**
   * A run of a program; its steps come through `options.onStep`. Interrupted by a lost device it goes on after the last
   * step that came. With `options.key`, newer runs of that key supersede older ones.
   */
  program<Spec, Step extends ProgramStep>(
    program: ProgramCall<Step>,
    request: ProgramRun<Spec>,
    options: ProgramOptions<Step> = {},
  ): Promise<ProgramResult> {
    let now: ProgramRequest = { ...request, program: program.id };
    const onStep = (said: ProgramStep) => {
      // The worker runs the very program that is named, so its steps are this program's.
      const step = said as Step;
      now = { ...now, resume: program.resume(step) };
      options.onStep?.(step);
    };
    let sent = false;
    return this.#resilient(async () => {
      await this.start();
      if (sent) options.onAgain?.();
      sent = true;
      return this.#connect().call('program', now, { ...options, onStep });
    }, options.signal);
  }

  /** What the worker holds; undefined where there is none yet. */
  async stats(): Promise<WorkerStats | undefined> {
    return this.#client?.call('stats', null);
  }

  dispose(): void {
    this.#stop(new Fault('cancelled'));
    this.#status = { phase: 'idle' };
  }

  /** Does `work` again when the worker was replaced under it. */
  async #resilient<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const lost = error instanceof Fault && error.code === 'device-lost';
        if (!lost || attempt >= LOSSES_BORNE || signal?.aborted) throw error;
      }
    }
  }

  #connect(): Client {
    if (this.#client) return this.#client;
    const worker = this.#createWorker();
    const client = new Client(worker, (message) => {
      if (this.#worker === worker) this.#lose(message);
    });
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.#fail(workerFault(event));
    };
    this.#worker = worker;
    this.#client = client;
    return client;
  }

  async #start(): Promise<void> {
    const because = this.#wrong ?? (this.#losses > 0 ? ({ reason: 'device-lost' } as const) : undefined);
    const loading: EngineStatus = {
      phase: 'loading',
      ...(this.#losses > 0 && { fault: toRecord(new Fault('device-lost')) }),
    };
    this.#status = loading;
    const noGpu = this.#wrong !== undefined || this.#losses >= LOSSES_BORNE;
    const prefer = noGpu ? 'wasm' : (this.#prefer ?? wishedDevice());
    const epoch = this.#epoch;
    await isolate();
    if (epoch !== this.#epoch) throw new Fault('device-lost');
    const client = this.#connect();
    try {
      const result = await client.call(
        'start',
        { assets: assetUrls(location.href), ...(because && { because }), ...(prefer && { prefer }) },
        { onProgress: ({ stage: _, ...progress }) => (this.#status = { ...loading, progress }) },
      );
      this.#status = { phase: 'ready', ...result };
    } catch (error) {
      if (this.#client !== client) throw error;
      if (error instanceof Fault && error.code === 'webgpu-wrong') return this.#withoutGpu(error);
      this.#fail(error);
      throw error;
    }
  }

  /** WebGPU failed so that the runtime went with it: a new worker, on WASM. */
  #withoutGpu(error: Fault): Promise<void> {
    const { reason } = error.details;
    this.#wrong = { reason: 'self-check-failed', ...(reason !== undefined && { detail: String(reason) }) };
    this.#stop(new Fault('device-lost'));
    return this.start();
  }

  #fail(error: unknown): void {
    this.#stop(error instanceof Fault ? error : new Fault('run-failed'));
    this.#status = { phase: 'failed', fault: toRecord(error) };
  }

  #lose(message: string): void {
    this.#losses++;
    this.#stop(new Fault('device-lost', { reason: message }));
    this.start().catch(() => {}); // the status says it
  }

  /** Ends the worker; what is under way rejects with `fault`. */
  #stop(fault: Fault): void {
    const client = this.#client;
    this.#epoch++;
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#client = undefined;
    this.#starting = undefined;
    client?.fail(fault);
  }
}
