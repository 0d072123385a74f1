import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { outline } from '#lib/graph/outline.ts';
import { graphOf, preset } from '#lib/models/registry.ts';
import { OPERATION_COLOUR, OPERATIONS, operationsOf, type Operation } from './operation.ts';

const operationsIn = (name: string) => operationsOf(outline(graphOf(preset(name)!)));

describe('what makes a tensor', () => {
  it.each<readonly [string, Readonly<Record<string, Operation>>]>([
    [
      'vit-ti-16',
      {
        x: 'ends',
        patch_embed: 'linear',
        'blocks.0.norm1': 'norm',
        'blocks.0.attn.q': 'moves',
        'blocks.0.attn.scores': 'attention',
        'blocks.0.attn.probs': 'attention',
        'blocks.0.attn.residual': 'moves',
        'blocks.0.mlp.gelu': 'activation',
        logits: 'linear',
        probs: 'ends',
      },
    ],
    ['dit-b-2', { y_embedder: 'linear', 'blocks.0.scale_msa': 'moves', t: 'ends' }],
    [
      'clip-b-32',
      {
        'text.token_embedding': 'linear',
        'visual.embedding': 'norm',
        'visual.norm': 'norm',
        'visual.x': 'ends',
      },
    ],
  ])('is read from its operations: %s', (name, expected) => {
    expect(Object.fromEntries(operationsIn(name))).toMatchObject(expected);
  });
});

/** Custom properties of tokens.css that are colours, in one of the two themes. */
function coloursOf(theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const css = readFileSync('src/lib/ui/tokens.css', 'utf8');
  const dark = css.indexOf("[data-theme='dark']");
  const read = (text: string) =>
    [...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name!, hex!] as const);
  return new Map([...read(css.slice(0, dark)), ...(theme === 'dark' ? read(css.slice(dark)) : [])]);
}
type Colour = readonly [number, number, number];
const rgb = (hex: string): Colour => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) as [0, 0, 0];
const mix = (a: Colour, b: Colour, part: number): Colour =>
  a.map((v, i) => v * part + b[i]! * (1 - part)) as [0, 0, 0];
/** Relative luminance and contrast of WCAG 2.2. */
const luminance = (colour: Colour) => {
  const [r, g, b] = colour.map((v) =>
    v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
};
const contrast = (a: Colour, b: Colour) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
};

describe.each(['light', 'dark'] as const)('the colours of the drawing, %s', (theme) => {
  const colours = coloursOf(theme);
  const of = (name: string) => rgb(colours.get(name)!);
  const box = readFileSync('src/lib/inspector/GraphBox.svelte', 'utf8');
  const share = (css: RegExp) => Number(css.exec(box)![1]) / 100;
  const tint = share(/fill: color-mix\(in srgb, var\(--own, var\(--paper\)\) (\d+)%, var\(--paper\)\)/);
  const edge = share(/stroke: color-mix\(in srgb, var\(--own\) (\d+)%, var\(--ink\)\)/);
  it.each(OPERATIONS)('every word on a box has a contrast of 4.5, its stripe one of 3: %s', (operation) => {
    const own = of(OPERATION_COLOUR[operation]);
    const ground = mix(own, of('paper'), tint);
    for (const word of ['ink', 'ink-2', ...[...colours.keys()].filter((name) => name.startsWith('dim-'))])
      expect(contrast(of(word), ground), `${word} on ${operation}`).toBeGreaterThanOrEqual(4.5);
    expect(contrast(mix(own, of('ink'), edge), ground)).toBeGreaterThanOrEqual(3);
  });
});
