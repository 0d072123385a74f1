/** Where a forward pass runs. */
export type Device = 'webgpu' | 'wasm';

/** Why it runs there. Sentences for readers: `deviceReason` in src/lib/base/faults.ts. */
export type DeviceReason =
  'webgpu-works' | 'no-webgpu' | 'adapter-refused' | 'self-check-failed' | 'chosen-by-reader' | 'device-lost';
