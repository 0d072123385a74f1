import { describe, expect, it } from 'vitest';
import { pythonName } from '#lib/graph/torch-lines.ts';
import { torchScript } from '#lib/graph/torch.ts';
import { CONFIG, shapesOf } from './patch-shapes.ts';
import { beginningsOf, rowsOfStep, textOf } from './torch-step.ts';
import type { Lesson } from './types.ts';
import { Walkthrough } from './walkthrough.svelte.ts';

const graphAt = (patch: number) => shapesOf(CONFIG, patch).graph;
const graph = graphAt(16);

/** The tensors that a lesson's steps speak of, in their order, each with the patch size there. */
function spokenOf(
  lesson: Lesson,
): readonly { readonly id: string; readonly name: string; readonly p: number }[] {
  const walkthrough = new Walkthrough(lesson, '', {});
  return lesson.steps.flatMap(({ id }) => {
    walkthrough.reach(id);
    const { lit, state } = walkthrough;
    return lit === undefined ? [] : [{ id, name: lit, p: Number(state['p']) }];
  });
}

describe('where the lines of a step begin', () => {
  it('at tensors that the page names', () => {
    const strip = ['x', 'patches', 'patch_embed', 'tokens', 'logits'];
    expect(beginningsOf(graph, 'patch_embed', strip)).toEqual(['patches']);
    expect(beginningsOf(graph, 'tokens', strip)).toEqual(['patch_embed']);
    expect(beginningsOf(graph, 'patches', strip)).toEqual([]);
  });

  it('at what another block puts out, not in the middle of it', () => {
    expect(beginningsOf(graph, 'logits', ['tokens'])).toEqual(['blocks.11']);
    expect(beginningsOf(graph, 'blocks.4', [])).toEqual(['blocks.3']);
    expect(beginningsOf(graph, 'blocks.4.attn.probs', [])).toEqual(['blocks.3']);
    expect(beginningsOf(graph, 'blocks.0.norm1', [])).toEqual([]);
  });
});

describe('the lines of a step', () => {
  it('say what they begin with, and the sizes at the patch size', () => {
    const text = textOf(rowsOfStep(graphAt(8), 'pos_added', ['patch_embed'], 'a model at patch 8'));
    expect(text).toBe(
      [
        '# given: patch_embed [B=1, N=784, D=192]',
        '# w: the weights of a model at patch 8, by name',
        'pos_added = patch_embed + w["pos_embed"]  # [B=1, N=784, D=192]',
        '',
      ].join('\n'),
    );
  });

  it('import what they use', () => {
    const first = (name: string) =>
      textOf(rowsOfStep(graph, name, ['logits', 'blocks.10'], 'm')).split('\n\n')[0];
    expect(first('probs')).toBe('import torch');
    expect(first('norm')).toBe('import torch.nn.functional as F');
    expect(first('blocks.11')).toBe('import torch\nimport torch.nn.functional as F');
  });

  const found = import.meta.glob<{ default: Lesson }>('/lessons/0[2-4]-*/lesson.ts', { eager: true });
  const lessons = Object.values(found).map((file) => file.default);
  it('in lessons 2, 3 and 4', () => expect(lessons.map(({ number }) => number)).toEqual([2, 3, 4]));
  it.each(lessons.map((lesson) => [lesson.number, lesson] as const))(
    'of lesson %i fit one another, name tensors of the graph, and are those of the whole script',
    (_, lesson) => {
      const spoken = spokenOf(lesson);
      expect(spoken.length).toBeGreaterThan(5);
      const strip = spoken.map(({ name }) => name);
      for (const { name, p } of spoken) {
        const at = graphAt(p);
        const names = new Set(at.tensorNames().map(pythonName));
        const given = new Set<string>();
        const whole = torchScript(at, name, { title: 'm' }).code.split('\n');
        const bare = (line: string) => line.replace(/ {2}#.*$/, '');
        for (const { code, sizes } of rowsOfStep(at, name, strip, 'm')) {
          const [, fed] = /^# given: (\w+)$/.exec(code) ?? [];
          const [, made, from = ''] = /^(\w+) = (.*)$/.exec(code) ?? [];
          if (fed) {
            expect(names).toContain(fed);
            given.add(fed);
          }
          if (!made) continue;
          // A helper has no name in the graph, and no sizes behind it.
          expect(names.has(made), code).toBe(sizes !== undefined);
          for (const read of from.replace(/"[^"]*"/g, '').match(/(?<![\w.])[a-z]\w*(?![\w(=.])/g) ?? [])
            if (read !== 'w') expect(given, code).toContain(read);
          given.add(made);
          if (sizes)
            expect(
              whole.some((line) => bare(line).startsWith(`${made} = `)),
              code,
            ).toBe(true);
        }
        expect(given).toContain(pythonName(name));
      }
    },
  );
});
