import { describe, expect, it, vi } from 'vitest';
import { startDevice, threadCount, type Bench, type Browser } from './device.ts';
import type { Device } from '#lib/base/device.ts';

const info = { vendor: 'acme', architecture: 'one', description: '', device: '', isFallbackAdapter: false };
const adapter = { info } as unknown as GPUAdapter;
const gpu = (answer: () => Promise<GPUAdapter | null>): Browser['gpu'] => ({ requestAdapter: answer });
const good = gpu(() => Promise.resolve(adapter));

function bench(off: Partial<Record<Device, number | Error>> = {}): Bench & { log: string[] } {
  const log: string[] = [];
  return {
    log,
    load: async (build, threads) => void log.push(`${build} ${threads}`),
    check: async (device) => {
      log.push(device);
      const value = off[device] ?? 1e-6;
      if (value instanceof Error) throw value;
      return value;
    },
  };
}
const browser = (over: Partial<Browser> = {}): Browser => ({
  gpu: good,
  jspi: true,
  isolated: true,
  cores: 8,
  ...over,
});

describe('startDevice', () => {
  it('takes WebGPU when the self-check is right', async () => {
    const b = bench();
    const result = await startDevice({}, browser(), b);
    expect(result).toMatchObject({
      device: 'webgpu',
      reason: 'webgpu-works',
      build: 'jspi',
      threads: 4,
      selfCheck: 1e-6,
    });
    expect(result.adapter).toEqual({ vendor: 'acme', architecture: 'one', description: '', software: false });
    expect(b.log).toEqual(['jspi 4', 'webgpu']);
  });

  it('says why it is WASM', async () => {
    const reasonOf = async (over: Partial<Browser>, off = {}, options = {}) => {
      const b = bench(off);
      const { device, reason, detail } = await startDevice(options, browser(over), b);
      expect(device).toBe('wasm');
      expect(b.log.at(-1)).toBe('wasm');
      return [reason, detail];
    };
    expect(await reasonOf({ gpu: undefined })).toEqual(['no-webgpu', undefined]);
    expect(await reasonOf({ gpu: gpu(() => Promise.resolve(null)) })).toEqual(['adapter-refused', undefined]);
    const refuse = gpu(() => Promise.reject(new Error('blocklisted')));
    expect(await reasonOf({ gpu: refuse })).toEqual(['adapter-refused', 'blocklisted']);
    expect(await reasonOf({}, { webgpu: 0.5 })).toEqual(['self-check-failed', 'max |Δ| = 0.5']);
    expect(await reasonOf({}, { webgpu: NaN })).toEqual(['self-check-failed', 'max |Δ| = NaN']);
    expect(await reasonOf({}, {}, { prefer: 'wasm' })).toEqual(['chosen-by-reader', undefined]);
  });

  it('records a lost device, whatever the new one is', async () => {
    expect(await startDevice({ because: { reason: 'device-lost' } }, browser(), bench())).toMatchObject({
      device: 'webgpu',
      reason: 'device-lost',
    });
    const onWasm = await startDevice(
      { because: { reason: 'device-lost' }, prefer: 'wasm' },
      browser(),
      bench(),
    );
    expect(onWasm, 'the build that is here already').toMatchObject({
      ...{ device: 'wasm', reason: 'device-lost', build: 'jspi' },
    });
  });

  it('asks for a new worker when WebGPU threw, since the runtime may not have survived', async () => {
    const b = bench({ webgpu: new Error('no device') });
    const start = startDevice({}, browser(), b);
    await expect(start).rejects.toMatchObject({ code: 'webgpu-wrong', details: { reason: 'no device' } });
    expect(b.log).toEqual(['jspi 4', 'webgpu']);
    const because = { reason: 'self-check-failed', detail: 'no device' } as const;
    const next = await startDevice({ prefer: 'wasm', because }, browser(), bench());
    expect(next).toMatchObject({ device: 'wasm', ...because });
  });

  it('waits so long for a GPU and no longer, and says how long in words of no language', async () => {
    vi.useFakeTimers();
    try {
      const silent: Bench = { ...bench(), check: () => new Promise<never>(() => {}) };
      const start = startDevice({}, browser(), silent);
      const refused = expect(start).rejects.toMatchObject({
        code: 'webgpu-wrong',
        details: { reason: 't > 45 s' },
      });
      await vi.advanceTimersByTimeAsync(45_000);
      await refused;
    } finally {
      vi.useRealTimers();
    }
  });

  it('downloads one build, the smallest that serves', async () => {
    const buildOf = async (over: Partial<Browser>) => {
      const b = bench();
      await startDevice({}, browser(over), b);
      return b.log.filter((l) => /\d/.test(l));
    };
    expect(await buildOf({ jspi: false })).toEqual(['asyncify 4']);
    expect(await buildOf({ jspi: false, gpu: undefined })).toEqual(['wasm 4']);
    expect(await buildOf({ gpu: undefined })).toEqual(['wasm 4']);
    expect(await buildOf({})).toEqual(['jspi 4']);
  });

  it('does not run at all on wrong numbers', async () => {
    const start = startDevice({ prefer: 'wasm' }, browser(), bench({ wasm: 1 }));
    await expect(start).rejects.toMatchObject({ code: 'run-failed' });
  });

  it('uses one thread without isolation, else up to four', () => {
    expect(threadCount({ isolated: false, cores: 8 })).toBe(1);
    expect(threadCount({ isolated: true, cores: 2 })).toBe(2);
    expect(threadCount({ isolated: true, cores: 16 })).toBe(4);
    expect(threadCount({ isolated: true, cores: 0 })).toBe(1);
  });
});
