import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { outline } from '#lib/graph/outline.ts';
import { graphOf, preset } from '#lib/models/registry.ts';
import { coloursOf, contrast, mix, rgb } from '#tests/contrast.ts';
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

describe.each(['light', 'dark'] as const)('the colours of the drawing, %s', (theme) => {
  const colours = coloursOf(readFileSync('src/lib/ui/tokens.css', 'utf8'), theme);
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
