import { describe, expect, it } from 'vitest';
import type { FaultCode } from './errors.ts';
import { formatBytes } from './format.ts';
import { deviceReason, FAULTS, faultText } from './faults.ts';

const details = {
  file: 'model.safetensors',
  loaded: 1_234_567,
  total: 11_000_000,
  bytes: 42_000_000,
  status: 404,
  tensor: 'pos_embed',
  reason: 'why',
  width: 1,
  height: 1,
};

describe('the sentences of faults', () => {
  for (const code of Object.keys(FAULTS) as FaultCode[]) {
    it(`${code}: says something whole in both languages, with and without details`, () => {
      for (const d of [{}, details]) {
        const { en, zh } = faultText({ code, details: d });
        expect(en.length).toBeGreaterThan(20);
        expect(en).toMatch(/^[^a-z].*\.$/);
        expect(zh).toMatch(/[\u4e00-\u9fff]{4}.*。$/);
        for (const text of [en, zh]) expect(text).not.toMatch(/undefined|NaN|!|！|\{| {2}/);
      }
    });
  }

  it('quotes what is known', () => {
    const { en, zh } = faultText({ code: 'model-truncated', details });
    for (const text of [en, zh]) {
      expect(text).toContain('model.safetensors');
      expect(text).toContain('1.2 MB');
      expect(text).toContain('11.0 MB');
    }
    expect(faultText({ code: 'config-invalid', details: { field: 'dim', rule: 'is missing' } }).en).toContain(
      '"dim" is missing',
    );
    expect(formatBytes(900)).toBe('900 B');
    expect(formatBytes(61548)).toBe('62 kB');
  });

  it('has a reason for every device', () => {
    const reasons = [
      'webgpu-works',
      'no-webgpu',
      'adapter-refused',
      'self-check-failed',
      'chosen-by-reader',
      'device-lost',
    ] as const;
    for (const reason of reasons) {
      for (const device of ['webgpu', 'wasm'] as const) {
        const { en, zh } = deviceReason(reason, device, 'detail');
        expect(en).toMatch(/\.$/);
        expect(zh).toMatch(/。$/);
      }
    }
    expect(deviceReason('self-check-failed', 'wasm', 'max |Δ| = 1').en).toContain('max |Δ| = 1');
  });
});
