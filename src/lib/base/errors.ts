import type { Text } from './lang.ts';

/** Every fault a reader can meet. Each has a sentence in src/lib/base/faults.ts. */
export type FaultCode =
  | 'webgpu-absent'
  | 'webgpu-refused'
  | 'webgpu-wrong'
  | 'device-lost'
  | 'wasm-memory'
  | 'runtime-download'
  | 'model-missing'
  | 'model-truncated'
  | 'model-hash'
  | 'offline'
  | 'download-failed'
  | 'weights-invalid'
  | 'config-invalid'
  | 'run-failed'
  | 'image-not-image'
  | 'image-too-large'
  | 'image-too-small'
  | 'image-unreadable'
  | 'cancelled';

/** An error that says what happened and what to do next, in both languages, once looked up by its code. */
export class Fault extends Error {
  readonly code: FaultCode;
  /** Values the sentence may quote: file, bytes, tensor, rule … */
  readonly details: Readonly<Record<string, string | number>>;
  constructor(code: FaultCode, details: Record<string, string | number> = {}, cause?: unknown) {
    super(`${code}${Object.keys(details).length ? ' ' + JSON.stringify(details) : ''}`, { cause });
    this.name = 'Fault';
    this.code = code;
    this.details = details;
  }
}

/** A fault as it crosses from the worker to the page. */
export interface FaultRecord {
  readonly code: FaultCode;
  readonly details: Readonly<Record<string, string | number>>;
  readonly message: string;
}

export type FaultText = (details: Readonly<Record<string, string | number>>) => Text;
