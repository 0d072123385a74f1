import { describe, expect, it } from 'vitest';
import { presetNames } from '#lib/models/registry.ts';
import { inside, patchwork } from './testing.ts';

interface Described {
  parameters: number;
  macs: number;
  tensors: { name: string; shape: number[]; dims: string[]; macs: number; bytes: number }[];
}

describe('patchwork describe', () => {
  // Published sizes: parameters of timm's modules in millions, multiply-adds in 10⁹ of one 224 × 224 picture by the
  // formula N·3p²·D + L(12·T·D² + 2·T²·D) + D·K; 1000 classes.
  it.each([
    ['vit-ti-16', 5.72, 1.25],
    ['vit-s-16', 22.05, 4.6],
    ['vit-b-32', 88.22, 4.41],
    ['vit-b-16', 86.57, 17.56],
    ['vit-b-8', 86.58, 78.15],
    ['vit-l-16', 304.33, 61.55],
    ['vit-h-14', 632.05, 167.3],
  ])('knows %s', async (preset, parameters, macs) => {
    const { status, stdout, stderr } = await inside('describe', preset, '--json');
    expect([status, stderr]).toEqual([0, '']);
    const described = JSON.parse(stdout) as Described;
    expect(described.parameters / 1e6).toBeCloseTo(parameters, 2);
    expect(Math.abs(described.macs / 1e9 - macs)).toBeLessThan(macs > 100 ? 0.05 : 0.005);
  });

  // U-ViT: counted in PyTorch for the released configurations of Bao et al. 2023. DiT: as printed by Peebles and Xie 2023.
  it.each([
    ['uvit-s-2-cifar10', '44.26', 12.2],
    ['uvit-m-4-imagenet64', '130.9', 35.2],
    ['uvit-l-2-imagenet256', '286.8', 76.5],
    ['uvit-h-2-imagenet256', '500.8', 133.2],
    ['dit-s-2', '33', 6.06],
    ['dit-b-2', '130', 23.0],
    ['dit-l-2', '458', 80.7],
    ['dit-xl-2', '675', 118.6],
    ['deit-s-16', '22.05', 4.6],
  ])('knows %s', async (preset, parameters, macs) => {
    const { status, stdout, stderr } = await inside('describe', preset, '--json');
    expect([status, stderr]).toEqual([0, '']);
    const described = JSON.parse(stdout) as Described;
    const digits = parameters.split('.')[1]?.length ?? 0;
    expect((described.parameters / 1e6).toFixed(digits)).toBe(parameters);
    expect(Math.abs(described.macs / 1e9 / macs - 1)).toBeLessThan(0.01);
  });

  it('describes every preset', async () => {
    for (const preset of presetNames()) {
      const { status, stdout } = await inside('describe', preset);
      expect(status).toBe(0);
      expect(stdout.split('\n')[0]).toMatch(
        new RegExp(`^${preset}: [\\d,]+ parameters, [\\d.]+ GMACs, [\\d.]+ MB of tensors$`),
      );
    }
  });

  it('prints exactly the promised JSON, as a command', async () => {
    const { status, stdout, stderr } = await patchwork('describe', 'vit-b-16', '--json');
    expect([status, stderr]).toEqual([0, '']);
    const described = JSON.parse(stdout) as Described;
    expect(Object.keys(described)).toEqual(['parameters', 'macs', 'tensors']);
    expect(described.parameters).toBe(86_567_656);
    expect(described.tensors.find((t) => t.name === 'blocks.11.attn.probs')).toEqual({
      name: 'blocks.11.attn.probs',
      shape: [1, 12, 197, 197],
      dims: ['B', 'h', 'T', 'T'],
      macs: 0,
      bytes: 1_862_832,
    });
    expect(described.macs).toBe(described.tensors.reduce((sum, t) => sum + t.macs, 0));
  });

  it('changes a preset by settings, with one --set or several', async () => {
    const several = await inside(
      'describe',
      'vit-ti-16',
      '--set',
      'dim=64',
      '--set',
      'heads=2',
      '--set',
      'classes=10',
      '--json',
    );
    const one = await inside('describe', 'vit-ti-16', '--set', 'dim=64', 'heads=2', 'classes=10', '--json');
    expect(one.stdout).toBe(several.stdout);
    const { tensors } = JSON.parse(one.stdout) as Described;
    expect(tensors.find((t) => t.name === 'blocks.0.attn.q')!.shape).toEqual([1, 2, 197, 32]);
    expect(tensors.at(-1)).toMatchObject({ name: 'probs', shape: [1, 10] });
  });

  it('describes a model folder and a weights file alike', async () => {
    const folder = await inside('describe', 'models/vit-tiny', '--json');
    const file = await inside('describe', 'models/vit-tiny/model.safetensors', '--set', 'heads=2', '--json');
    expect(folder.status).toBe(0);
    expect(file.stdout).toBe(folder.stdout);
  });
});
