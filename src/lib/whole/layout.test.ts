import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { familyOf, graphOf, inputWith, type Blueprint } from '#lib/models/registry.ts';
import { layoutOf, type Layout } from './layout.ts';
import { contains, middle, overlap, right, type Rect } from './rect.ts';

const stored = (name: string): Blueprint => {
  const { architecture, config } = JSON.parse(readFileSync(`models/${name}/config.json`, 'utf8')) as {
    architecture: string;
    config: object;
  };
  return { architecture, config };
};
/** Families that are drawn: the first and the last of their sizes, and the site's own models. */
const DRAWN = ['vit', 'uvit', 'dit'];
const SIZES: readonly (readonly [string, Blueprint])[] = [
  ...['vit-flexi', 'uvit-cifar10', 'uvit-cifar10-noskip', 'dit-cifar10'].map((n) => [n, stored(n)] as const),
  ...DRAWN.flatMap((architecture) => {
    const all = Object.entries(familyOf(architecture).presets);
    const some = [...all.slice(0, 1), ...all.slice(-1)];
    return some.map(([name, config]) => [name, { architecture, config }] as const);
  }),
];
const ASPECTS = [1440 / 700, 390 / 600, 1];

function laid(of: Blueprint, aspect: number): Layout {
  const { answer } = familyOf(of.architecture);
  const shown = answer(of.config);
  return layoutOf(graphOf(of), {
    aspect,
    picture: inputWith(of, 'picture', 'state')?.name,
    answer: 'tensor' in shown ? shown.tensor : shown.probs,
  });
}
/** Pairs that share an area. */
function clashes<R extends Rect>(rects: readonly R[], name: (r: R) => string): string[] {
  const sorted = [...rects].sort((a, b) => a.x - b.x);
  const found: string[] = [];
  sorted.forEach((a, i) => {
    for (let j = i + 1; j < sorted.length && sorted[j]!.x < right(a); j++)
      if (overlap(a, sorted[j]!)) found.push(`${name(a)} / ${name(sorted[j]!)}`);
  });
  return found;
}

describe.each(SIZES)('the drawing of %s', (_name, of) => {
  const graph = graphOf(of);
  const drawing = laid(of, ASPECTS[0]!);

  it('holds every named tensor once, a copy with its original, and every weight once', () => {
    const tensors = drawing.plates.filter((p) => p.kind === 'tensor').flatMap((p) => [p.name, ...p.also]);
    expect([...tensors].sort()).toEqual(graph.tensorNames().sort());
    const weights = drawing.plates.filter((p) => p.kind === 'weight').map((p) => p.name);
    const stored = [...graph.values.values()].filter((v) => v.kind === 'weight').map((v) => v.name);
    expect([...weights].sort()).toEqual(stored.sort());
  });

  it('draws one unit a cell', () => {
    for (const p of drawing.plates) {
      const cells = p.tiles.reduce((n, t) => n + t.width * t.height * (t.planes ?? 1), 0);
      expect(cells, p.name).toBe(p.value.shape.reduce((a, b) => a * b, 1));
      expect(p.width, p.name).toBe(p.tiles[0]!.cols);
    }
  });

  it.each(ASPECTS)('overlaps nowhere and stays in its frames, at width / height = %f', (aspect) => {
    const { frames, plates, lenses, width, height } = laid(of, aspect);
    expect(clashes(frames, (f) => f.id)).toEqual([]);
    expect(
      clashes(
        [...plates.map((p) => ({ ...p })), ...lenses.map((l) => ({ ...l, name: 'lens' }))],
        (p) => p.name,
      ),
    ).toEqual([]);
    const whole = { x: 0, y: 0, width, height };
    for (const f of frames) expect(contains(whole, middle(f)), f.id).toBe(true);
    for (const p of plates) {
      const frame = frames.find((f) => f.id === p.group)!;
      const inside =
        p.x >= frame.x &&
        p.y >= frame.y + frame.title &&
        right(p) <= right(frame) &&
        p.y + p.height <= frame.y + frame.height;
      expect(inside, p.name).toBe(true);
    }
  });

  it('goes from the left to the right along the data in every group', () => {
    const at = new Map(drawing.plates.filter((p) => p.kind === 'tensor').map((p) => [p.name, p]));
    for (const { from, to } of drawing.way.edges) {
      const [a, b] = [at.get(from)!, at.get(to)!];
      if (a.group === b.group) expect(right(a), `${from} → ${to}`).toBeLessThanOrEqual(b.x);
    }
  });

  it('puts a product under the columns of the matrix it is made with', () => {
    const at = new Map(drawing.plates.map((p) => [p.name, p]));
    const products = drawing.plates.filter(
      (p) =>
        p.kind === 'weight' &&
        p.height > 1 &&
        p.value.dims[0] !== 'K' &&
        p.of &&
        at.get(p.of)!.width === p.width,
    );
    expect(products.length).toBeGreaterThan(10);
    for (const w of products) {
      const made = at.get(w.of!)!;
      expect(w.x, w.name).toBe(made.x);
      expect(w.y + w.height, w.name).toBeLessThan(made.y + made.height);
    }
  });

  it('wires every edge within a group, and every pair of groups that follow one another', () => {
    const { wires, frames, way } = drawing;
    expect(wires.filter((w) => w.kind === 'stream').length).toBe(frames.length - 1);
    expect(wires.filter((w) => w.kind === 'long').length).toBe(way.longSkips.length);
  });
});

describe('a network with long skips', () => {
  it('is drawn as a U: what a skip joins stands side by side, the middle at the bottom', () => {
    const { frames, way } = laid(stored('uvit-cifar10'), ASPECTS[0]!);
    const at = new Map(frames.map((f) => [f.id, f]));
    expect(way.longSkips.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      'in_blocks.3 → out_blocks.0',
      'in_blocks.2 → out_blocks.1',
      'in_blocks.1 → out_blocks.2',
      'in_blocks.0 → out_blocks.3',
    ]);
    for (const { from, to } of way.longSkips) {
      const [a, b] = [at.get(from)!, at.get(to)!];
      expect(a.y + a.height).toBe(b.y + b.height);
      expect(right(a)).toBeLessThan(b.x);
    }
    const middleBlock = at.get('mid_block')!;
    for (const f of frames) if (f !== middleBlock) expect(f.y).toBeLessThan(middleBlock.y);
  });

  it('is drawn in lines where it has none', () => {
    expect(laid(stored('uvit-cifar10-noskip'), ASPECTS[0]!).way.longSkips).toEqual([]);
  });
});

describe('a block', () => {
  it('has its sums on the stream, and attention and MLP as branches', () => {
    const { way, frames } = laid(stored('vit-flexi'), ASPECTS[0]!);
    const block = way.groups.find((g) => g.id === 'blocks.3')!;
    expect(block.spine).toEqual(['blocks.3.attn.residual', 'blocks.3']);
    expect(frames.find((f) => f.id === 'blocks.3')!.branches.map((b) => b.name)).toEqual(['attn', 'mlp']);
    expect(way.groups.map((g) => g.kind).join(' ')).toBe(`stem ${'block '.repeat(12)}head`);
    const out = laid(stored('uvit-cifar10'), 2).way.groups.find((g) => g.id === 'out_blocks.1')!;
    expect(out.spine).toEqual([
      'out_blocks.1.skip_cat',
      'out_blocks.1.skip_linear',
      'out_blocks.1.attn.residual',
      'out_blocks.1',
    ]);
  });
});
