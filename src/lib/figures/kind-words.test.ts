import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { coloursOf, contrast, mix, rgb } from '#tests/contrast.ts';
import { wordsIn } from './kind-words.ts';

it.each(['light', 'dark'] as const)('words in a colour of kinds can be read, %s', (theme) => {
  const colours = coloursOf(readFileSync('src/lib/ui/tokens.css', 'utf8'), theme);
  const of = (name: string) => rgb(colours.get(name)!);
  const share = Number(/(\d+)%/.exec(wordsIn('kind-1'))![1]) / 100;
  for (const kind of [1, 2, 3, 4, 5, 6].map((n) => `kind-${n}`))
    for (const ground of ['paper', 'panel'])
      expect(
        contrast(mix(of(kind), of('ink'), share), of(ground)),
        `${kind} on ${ground}`,
      ).toBeGreaterThanOrEqual(4.5);
});
