import type { Device, DeviceReason } from '#lib/base/device.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { Fault } from '#lib/base/errors.ts';
import type { WireTensor } from '#lib/base/tensor.ts';
import type { InputValues, Variant } from '#lib/models/family.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import type { Examined } from '#lib/own/reading/examined.ts';
import type { OnnxFacts } from '#lib/own/reading/onnx/shelf.ts';
import type { OwnRequest } from '#lib/own/reading/shelf.ts';
import type { ProgramStep } from '#lib/programs/program.ts';
import type { BuildFiles, BuildId } from './builds.ts';

export interface StartOptions {
  /** The reader's or a test's wish; `wasm` skips WebGPU, `webgpu` is what happens anyway where it works. */
  readonly prefer?: Device;
  /** Set when an earlier worker of this page had to go: recorded as the reason of the new choice, with its detail. */
  readonly because?: { readonly reason: DeviceReason; readonly detail?: string };
  /** Absolute addresses of the runtime builds. */
  readonly assets: Readonly<Record<BuildId, BuildFiles>>;
}

/** What a GPU adapter says about itself (often empty strings: browsers hide it). */
export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** A software implementation: correct, but slower than WASM. */
  readonly software: boolean;
}

export interface StartResult {
  readonly device: Device;
  /** Threads of the WASM backend, the calling one included. */
  readonly threads: number;
  readonly build: BuildId;
  readonly reason: DeviceReason;
  /** What the browser said when WebGPU was refused or failed. */
  readonly detail?: string;
  readonly adapter?: AdapterFacts;
  /** max |Δ| of the self-check graph against the numbers computed in TypeScript, on the chosen device. */
  readonly selfCheck: number;
}

/** Weights a worker can load: the address of the model's folder (ends in `/`) and its checked config.json. */
export interface ModelRef<M extends ModelConfig = ModelConfig> {
  readonly url: string;
  readonly config: M;
}

export interface RunRequest {
  readonly model: ModelRef;
  /** What is changed of the stored configuration; nothing by default. */
  readonly variant?: Variant;
  /** Pictures at once; 1 by default. */
  readonly batch?: number;
  /** Many passes will follow: the session is worth optimising. */
  readonly lasting?: boolean;
  /** Tensor names of the graph to fetch. */
  readonly outputs: readonly string[];
  /** Named float32 inputs in the graph's own shapes, interventions among them; those left out are neutral. */
  readonly inputs: InputValues;
  /** Build the graph with its intervention inputs. */
  readonly interventions?: boolean;
  /** Outputs that are inputs of the next pass of this key: they stay with the worker. See `Pass.carry`. */
  readonly carry?: { readonly key: string; readonly feeds: Readonly<Record<string, string>> };
  /** Only build and keep the session, run nothing. */
  readonly prepareOnly?: boolean;
}

/** What a network's first weights tell of an input, asked while the others are still coming. See `FirstLayer`. */
export type FirstRequest = Pick<RunRequest, 'model' | 'variant' | 'inputs'>;

export interface RunResult {
  readonly tensors: readonly WireTensor[];
  /** The forward pass with its read-back, milliseconds. */
  readonly ms: number;
  /** Building the session before it, milliseconds; 0 when it was kept from before. */
  readonly sessionMs: number;
  readonly device: Device;
}

/** Durations of the newest result, milliseconds. */
export interface Timing {
  /** The forward pass and its read-back, in the worker. */
  readonly forward: number;
  /** Building the session for it; 0 when it was kept. */
  readonly session: number;
  /** From the wish to the tensors on the page. */
  readonly total: number;
}

/** A run of a program (src/lib/programs). Its steps are streamed; the answer comes at its end. */
export interface ProgramRequest {
  /** The program's id. */
  readonly program: string;
  /** The models of its parts. */
  readonly models: Readonly<Record<string, ModelRef>>;
  readonly spec: unknown;
  /** Goes on after a step of an earlier run of the same spec. */
  readonly resume?: unknown;
  /** Stops after this step. */
  readonly until?: number;
}

export interface ProgramResult {
  /** Steps made in this run. */
  readonly steps: number;
  /** Milliseconds of it all, and of the forward passes in it. */
  readonly ms: number;
  readonly forwardMs: number;
  readonly device: Device;
}

export interface Progress {
  readonly stage: 'runtime' | 'model';
  /** Bytes so far and in all. */
  readonly loaded: number;
  readonly total: number;
  readonly fromCache: boolean;
}

/** What the worker holds now; for the badge, the workbench and tests of bounded memory. */
export interface WorkerStats {
  readonly sessions: number;
  readonly sessionBytes: number;
  readonly models: number;
  readonly modelBytes: number;
  readonly queued: number;
}

/** Values that are asked of an ONNX file of the reader's. */
export interface OnnxRequest extends Pick<OwnRequest, 'files'> {
  readonly outputs: readonly string[];
  /** The prepared picture, `[C, H, W]`. */
  readonly picture?: Float32Array | undefined;
  /** Only their shapes are wanted. */
  readonly shapesOnly?: boolean | undefined;
}

/** Requests by kind: what goes in and what comes back. */
export interface Requests {
  start: { in: StartOptions; out: StartResult };
  load: { in: ModelRef; out: { bytes: number } };
  first: { in: FirstRequest; out: { tensors: readonly WireTensor[] } };
  run: { in: RunRequest; out: RunResult };
  program: { in: ProgramRequest; out: ProgramResult };
  /** Reads files of the reader's and says what they are. */
  examine: { in: OwnRequest; out: Examined };
  /** Nothing will be opened of the files that were read last: their bytes need not be held. */
  letGo: { in: null; out: null };
  /** The weights of a reader's model as a safetensors file under the graph's names. */
  written: { in: ModelRef; out: { bytes: Uint8Array<ArrayBuffer> } };
  /** Reads an ONNX file of the reader's and says what is in it. */
  onnx: { in: Pick<OwnRequest, 'files'>; out: OnnxFacts };
  /** Values of its graph, for a picture. */
  onnxRun: { in: OnnxRequest; out: { tensors: readonly WireTensor[]; ms: number } };
  stats: { in: null; out: WorkerStats };
}
export type Kind = keyof Requests;

export type ToWorker =
  | { [K in Kind]: { readonly type: K; readonly id: number; readonly body: Requests[K]['in'] } }[Kind]
  | { readonly type: 'cancel'; readonly id: number };

export type FromWorker =
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly type: 'step'; readonly id: number; readonly step: ProgramStep }
  | { readonly type: 'done'; readonly id: number; readonly result: Requests[Kind]['out'] }
  | { readonly type: 'fault'; readonly id: number; readonly fault: FaultRecord }
  | { readonly type: 'lost'; readonly message: string };

/** One end of a message channel: a Worker, a worker's `self`, a MessagePort or a test's stand-in. */
export interface Port<Out, In> {
  postMessage(message: Out, transfer: Transferable[]): void;
  onmessage: ((event: { data: In }) => void) | null;
}

/** What an error says about itself; nothing where it says nothing a reader could use (an exception from inside WASM). */
export function messageOf(error: unknown): string | undefined {
  if (error instanceof Error) return error.message || error.name;
  return typeof error === 'string' && error ? error : undefined;
}

/** Details of a Fault that wraps another error. */
export function reasonOf(error: unknown): Record<string, string> {
  const reason = messageOf(error);
  return reason === undefined ? {} : { reason };
}

/** Any error as a record that can cross to the page; `fallback` is the code of errors that are not Faults. */
export function toRecord(error: unknown, fallback: FaultRecord['code'] = 'run-failed'): FaultRecord {
  if (error instanceof Fault) return { code: error.code, details: error.details, message: error.message };
  const details = reasonOf(error);
  return { code: fallback, details, message: details.reason ?? fallback };
}

/** The Fault a record stands for, on the page's side. */
export function fromRecord(record: FaultRecord): Fault {
  return new Fault(record.code, { ...record.details });
}

/** The buffers a message may hand over without a copy; each once. */
export function transferables(tensors: readonly WireTensor[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const t of tensors) if (t.data.buffer instanceof ArrayBuffer) buffers.add(t.data.buffer);
  return [...buffers];
}
