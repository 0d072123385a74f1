import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseSafetensors } from '#lib/weights/safetensors.ts';

/** What the prose says was to be seen, held to the answers that PyTorch gives for the lesson's first picture. */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/01-patches/tests/golden.safetensors')));
const { labels } = JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as {
  labels: { id: string }[];
};
const answer = (patch: number) => {
  const probs = golden.float32(`probs-${patch}`);
  const best = probs.indexOf(Math.max(...probs));
  return { id: labels[best]!.id, chance: probs[best]! };
};

it('names the picture at every size of training', () => {
  for (const patch of [8, 14, 16, 28, 32]) expect(answer(patch).id, `${patch}`).toBe('golden_retriever');
});

it('breaks where the prose says so: at 7 another class, at 56 the same with less', () => {
  const prose = readFileSync('lessons/01-patches/en.md', 'utf8');
  const task = /<Box kind="break">([\s\S]*?)<\/Box>/.exec(prose)![1]!;
  // The size that the task begins with.
  expect(/set=\{\{ p: (\d+) \}\}/.exec(task)![1]).toBe('7');
  expect(answer(7).id).toBe('forest');
  expect(answer(56).id).toBe('golden_retriever');
  expect(answer(56).chance).toBeLessThan(0.7 * answer(16).chance);
});
