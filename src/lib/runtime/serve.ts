import { Fault } from '#lib/base/errors.ts';
import { encode } from '#lib/graph/encode.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { loadFile } from '#lib/weights/download.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { firstTensors } from '#lib/weights/safetensors-first.ts';
import { startDevice, type Browser } from './device.ts';
import { firstLayer } from './first-layer.ts';
import { hasRoom } from './memory.ts';
import { Models, WEIGHTS_FILE } from './models.ts';
import { loadOrt, ortSessions, type Ort, type Session } from './ort.ts';
import { prepareModel, prepareShared } from './prepare.ts';
import {
  toRecord,
  transferables,
  type FromWorker,
  type Kind,
  type Port,
  type Progress,
  type Requests,
  type RunRequest,
  type RunResult,
  type StartOptions,
  type ToWorker,
  type WorkerStats,
} from './protocol.ts';
import type { Device } from '#lib/base/device.ts';
import { Queue } from './queue.ts';
import { Runner } from './runner.ts';
import { runProgram } from './programs.ts';
import { farthest, selfCheck } from './selfcheck.ts';

/** A turn of the event loop, in which waiting messages are delivered. */
const turn = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

/** What reads files of the reader's, fetched apart: few pages ask for it. */
async function readOwn() {
  const { HELD, Shelf, writtenWeights } = await import('#lib/own/reading/shelf.ts');
  return { shelf: new Shelf(undefined, hasRoom() ? HELD : undefined), written: writtenWeights };
}

/** What reads and runs ONNX files of a reader's, fetched apart as well. */
async function readGraphs() {
  const { OnnxShelf } = await import('#lib/own/reading/onnx/shelf.ts');
  const { runOnnx } = await import('./onnx.ts');
  return { shelf: new OnnxShelf(), run: runOnnx };
}

/** Answers the page's requests on `port`, in the worker that owns onnxruntime-web. */
export class Server {
  readonly #port: Port<FromWorker, ToWorker>;
  readonly #queue = new Queue(turn);
  readonly #models: Models;
  /** Downloads asked for by the page, which run beside the queue. */
  readonly #loads = new Map<number, AbortController>();
  /** Runs of programs; their forward passes take their turns in the queue. */
  readonly #programs = new Map<number, AbortController>();
  /** Files of the reader's; what reads them is fetched with the first. */
  #reading: ReturnType<typeof readOwn> | undefined;
  #graphs: ReturnType<typeof readGraphs> | undefined;
  #ort: Ort | undefined;
  #runner: Runner | undefined;
  /** Keeps the GPU device while no other session does. */
  #anchor: Session | undefined;

  constructor(port: Port<FromWorker, ToWorker>) {
    this.#port = port;
    this.#models = new Models({
      // A browser that knows it is offline need not be asked five times.
      download: (url, options) => loadFile(url, { ...options, retries: navigator.onLine ? 5 : 1 }),
      openFirst: (names) => firstTensors(names, WEIGHTS_FILE),
      open: (bytes, { config }) => bindWeights(parseSafetensors(bytes, WEIGHTS_FILE), config),
      openOwn: async ({ config }, options) => (await this.#own()).shelf.weights(config, options),
    });
    port.onmessage = ({ data }) => this.#receive(data);
  }

  #receive(message: ToWorker): void {
    const { id } = message;
    const fail = (error: unknown) => this.#post({ type: 'fault', id, fault: toRecord(error) });
    switch (message.type) {
      case 'cancel':
        this.#loads.get(id)?.abort();
        this.#programs.get(id)?.abort(new Fault('cancelled'));
        return this.#queue.cancel(id);
      case 'start':
        return this.#queue.push(
          id,
          async () => this.#done<'start'>(id, await this.#start(id, message.body)),
          fail,
        );
      case 'load':
        return void this.#load(id, message.body).catch(fail);
      case 'first':
        return void this.#first(id, message.body).catch(fail);
      case 'examine':
        return void this.#examine(id, message.body).catch(fail);
      case 'written':
        return void this.#written(id, message.body).catch(fail);
      case 'onnx':
        return void this.#onnx(id, message.body).catch(fail);
      case 'onnxRun':
        return this.#queue.push(id, () => this.#onnxRun(id, message.body), fail);
      case 'letGo':
        void this.#reading?.then(({ shelf }) => shelf.letGo()).catch(() => {});
        return this.#done<'letGo'>(id, null);
      case 'stats':
        return this.#done<'stats'>(id, this.#stats());
      case 'run':
        return void this.#run(id, message.body)
          .then((result) => this.#done<'run'>(id, result, transferables(result.tensors)))
          .catch(fail);
      case 'program':
        return void this.#program(id, message.body).catch(fail);
    }
  }

  /** One forward pass, when its turn in the queue has come. */
  #run(id: number, request: RunRequest): Promise<RunResult> {
    return new Promise((resolve, reject) =>
      this.#queue.push(
        id,
        async (context) => {
          if (!this.#runner) throw new Fault('run-failed', { reason: 'the runtime has not started' });
          resolve(await this.#runner.run(request, context));
        },
        reject,
      ),
    );
  }

  async #program(id: number, request: Requests['program']['in']): Promise<void> {
    const stop = new AbortController();
    this.#programs.set(id, stop);
    try {
      const result = await runProgram(request, {
        run: (pass) => this.#run(id, pass),
        drop: (key) => this.#runner?.drop(key),
        // The program goes on with its arrays, so they are copied; the tensors are handed over.
        onStep: (step) => this.#post({ type: 'step', id, step }, transferables(step.tensors)),
        signal: stop.signal,
      });
      this.#done<'program'>(id, result);
    } finally {
      this.#programs.delete(id);
    }
  }

  #post(message: FromWorker, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  #done<K extends Kind>(id: number, result: Requests[K]['out'], transfer: Transferable[] = []): void {
    this.#post({ type: 'done', id, result }, transfer);
  }

  #progress(id: number, progress: Progress): void {
    this.#post({ type: 'progress', id, progress });
  }

  async #start(id: number, options: StartOptions): Promise<Requests['start']['out']> {
    const browser: Browser = {
      gpu: navigator.gpu as GPU | undefined,
      jspi: 'Suspending' in WebAssembly,
      isolated: globalThis.crossOriginIsolated,
      cores: navigator.hardwareConcurrency || 1,
    };
    const result = await startDevice(options, browser, {
      load: async (build, threads) => {
        this.#ort = await loadOrt(build, options.assets[build], threads, (p) => this.#progress(id, p));
      },
      check: (device) => this.#check(device),
    });
    const ort = this.#loaded();
    if (result.device === 'webgpu') void this.#watch(ort);
    else await this.#anchor?.release();
    this.#runner = new Runner({
      device: result.device,
      createSession: ortSessions(ort, result.device),
      prepare: (weights, { config }, request, like) => prepareModel(weights, config, { ...request, like }),
      share: (of, weights, { config }, request) => prepareShared(of, weights, config, request),
      weights: (ref, signal) => this.#models.get(ref, { signal }),
    });
    return result;
  }

  #loaded(): Ort {
    if (!this.#ort) throw new Fault('run-failed', { reason: 'the runtime has not started' });
    return this.#ort;
  }

  /**
   * Runs the self-check graph on a device: max |Δ| against the known answers. The session of a GPU is kept: when the
   * last one goes, onnxruntime gives the device back.
   */
  async #check(device: Device): Promise<number> {
    const test = selfCheck();
    const session = await ortSessions(this.#loaded(), device)(encode(test.graph, { outputs: test.outputs }));
    const got = await session.run([test.input], test.outputs);
    if (device === 'webgpu') this.#anchor = session;
    else await session.release();
    return farthest(test.expected, (name) => got.find((t) => t.name === name)?.data);
  }

  /** Tells the page when the GPU device is gone; the page then replaces this worker. */
  async #watch(ort: Ort): Promise<void> {
    const device = (await ort.env.webgpu.device) as GPUDevice | undefined;
    const info = await device?.lost;
    if (info) this.#post({ type: 'lost', message: info.message });
  }

  async #load(id: number, ref: Requests['load']['in']): Promise<void> {
    const stop = new AbortController();
    this.#loads.set(id, stop);
    try {
      await this.#models.get(ref, {
        signal: stop.signal,
        onProgress: (p) => this.#progress(id, { stage: 'model', ...p }),
      });
      this.#done<'load'>(id, { bytes: ref.config.files[WEIGHTS_FILE]?.bytes ?? 0 });
    } finally {
      this.#loads.delete(id);
    }
  }

  #own() {
    return (this.#reading ??= readOwn());
  }

  async #examine(id: number, request: Requests['examine']['in']): Promise<void> {
    const stop = new AbortController();
    this.#loads.set(id, stop);
    try {
      const { shelf } = await this.#own();
      const onProgress = (p: { loaded: number; total: number }) =>
        this.#progress(id, { stage: 'model', ...p, fromCache: true });
      this.#done<'examine'>(id, await shelf.examine(request, { signal: stop.signal, onProgress }));
    } finally {
      this.#loads.delete(id);
    }
  }

  async #onnx(id: number, { files }: Requests['onnx']['in']): Promise<void> {
    const stop = new AbortController();
    this.#loads.set(id, stop);
    try {
      const { shelf } = await (this.#graphs ??= readGraphs());
      const total = files.reduce((sum, { size }) => sum + size, 0);
      let loaded = 0;
      const onBytes = (more: number) =>
        this.#progress(id, { stage: 'model', loaded: (loaded += more), total, fromCache: true });
      const { facts } = await shelf.open(files, { signal: stop.signal, onBytes });
      this.#done<'onnx'>(id, facts);
    } finally {
      this.#loads.delete(id);
    }
  }

  async #onnxRun(id: number, request: Requests['onnxRun']['in']): Promise<void> {
    const { shelf, run } = await (this.#graphs ??= readGraphs());
    const opened = await shelf.open(request.files);
    const begin = performance.now();
    const tensors = await run(this.#loaded(), opened, request);
    this.#done<'onnxRun'>(id, { tensors, ms: performance.now() - begin }, transferables(tensors));
  }

  async #written(id: number, ref: Requests['written']['in']): Promise<void> {
    const { written } = await this.#own();
    const bytes = written(await this.#models.get(ref), ref.config);
    this.#done<'written'>(id, { bytes }, [bytes.buffer]);
  }

  /** Beside the queue: nothing is asked of the runtime, which may not be here yet. */
  async #first(id: number, request: Requests['first']['in']): Promise<void> {
    const stop = new AbortController();
    this.#loads.set(id, stop);
    try {
      const tensors = await firstLayer(request, (names) =>
        this.#models.first(request.model, names, stop.signal),
      );
      this.#done<'first'>(id, { tensors }, transferables(tensors));
    } finally {
      this.#loads.delete(id);
    }
  }

  #stats(): WorkerStats {
    return {
      sessions: this.#runner?.sessions ?? 0,
      sessionBytes: this.#runner?.bytes ?? 0,
      models: this.#models.size,
      modelBytes: this.#models.bytes,
      queued: this.#queue.length,
    };
  }
}
