import { describe, expect, test } from 'vitest';
import { translated } from './cells.ts';
import { atom, type Page } from './kinds.ts';

const page: Page = {
  tensor: (name) => (name === 'a' ? atom('a[0]', { is: 'tensor', dims: ['h', 'T', 'T'] }) : undefined),
  state: { l: 3, at: [4, 5] },
};
const lines = (code: string) =>
  translated(
    [{ code: `const t = tensor('a');\n${code}`, expression: false }],
    page,
    new Set(['a', 'x']),
  ).lines.slice(1);

describe('one line of a cell in Python', () => {
  test.each([
    // Helpers of tensors.
    ['const m = t.mean(0)', 'm = t.mean(0)'],
    ["const m = t.mean('h').max()", 'm = t.mean(0).max().item()'],
    ['const m = t.max(-1)', 'm = t.amax(-1)'],
    ['const p = t.slice(0, null, [1, 5])', 'p = t[0, :, 1:5]'],
    ['const v = t.at(0, 1, 2)', 'v = t[0, 1, 2].item()'],
    ['const s = t.softmax(2, 0.5)', 's = torch.softmax(t / 0.5, dim=2)'],
    ['const s = t.plus(1).times(2).minus(t)', 's = (t + 1) * 2 - t'],
    ['const s = t.minus(t.minus(1))', 's = t - (t - 1)'],
    ['const s = t.slice(0).matmul(t.slice(1).transpose())', 's = t[0] @ t[1].transpose(-2, -1)'],
    [
      'const n = new Tensor([2, 2], [1, 2, 3, 4])',
      'n = torch.tensor([1, 2, 3, 4], dtype=torch.float32).reshape([2, 2])',
    ],
    // All values at once.
    ['const q = t.map((v) => v ** 2 + 1)', 'q = t ** 2 + 1'],
    ['const q = t.plus(1).map((v) => v * v)', 'q = (t + 1) * (t + 1)'],
    ['const q = t.map(Math.abs)', 'q = t.abs()'],
    ['const q = t.map((v) => Math.max(-1, Math.min(1, v)))', 'q = t.clamp(max=1).clamp(min=-1)'],
    ['const q = t.map((v) => v > 0 ? v : 0)', 'q = torch.where(t > 0, t, 0)'],
    ['const q = t.map((v) => v % 2)', 'q = torch.fmod(t, 2)'],
    // Numbers and lists.
    ['const k = Math.floor(7 / 2) * Math.hypot(3, 4)', 'k = 7 // 2 * math.hypot(3, 4)'],
    ['const k = -(1 - 2) / (3 * 4)', 'k = -(1 - 2) / (3 * 4)'],
    ['const k = 2 - (3 - 4)', 'k = 2 - (3 - 4)'],
    ['const k = (1 + 2) ** 2', 'k = (1 + 2) ** 2'],
    ['const k = state.l === 3 ? state.at[1] : 0', 'k = 5'],
    ['const k = [1, 2].map((v, i) => v * i)', 'k = [v * i for i, v in enumerate([1, 2])]'],
    ['const k = [3, 1].filter((v) => v > 1)', 'k = [v for v in [3, 1] if v > 1]'],
    ['const k = Array.from({ length: 3 }, (_, i) => 2 * i)', 'k = [2 * i for i in range(3)]'],
    ['const k = d3.mean([1, 2], (v) => v + 1)', 'k = sum([v + 1 for v in [1, 2]]) / len([1, 2])'],
    ['const [r, c] = [1, 2]', 'r, c = [1, 2]'],
    ['const o = { a: 1, "b c": [2] }', 'o = {"a": 1, "b c": [2]}'],
    ['const b = view(Inputs.range([0, 1], { value: 0.5 }))', 'b = 0.5'],
    // A whole number where Python wants one, and a name that is taken.
    ['const g = Math.sqrt(16), part = t.slice(0, g)', 'g = math.sqrt(16)\npart = t[0, int(g)]'],
    ['const x = t.sum(), lambda = x', 'x_ = t.sum().item()\nlambda_ = x_'],
    // Functions and loops.
    ['const f = (v) => v.times(2).sum()', 'def f(v):\n    return (v * 2).sum().item()'],
    [
      'const s = (() => { let n = 0; for (let i = 3; i >= 0; i--) if (i !== 1) n += i; return n; })()',
      'def make_s():\n    n = 0\n    for i in range(3, 0 - 1, -1):\n        if i != 1:\n            n += i\n    return n\ns = make_s()',
    ],
  ])('%s', (code, python) => {
    expect(lines(code).join('\n')).toBe(python);
  });

  test.each([
    ['const k = "a" + 1', '"a" + 1'],
    ['const k = t.mean("T")', 't.mean("T")'],
    ['const k = [1].reduce((a, b) => a + b)', '[1].reduce((a, b) => a + b)'],
    ['const k = tensor("b")', 'tensor("b")'],
    ['const k = crypto.randomUUID()', 'crypto.randomUUID()'],
  ])('none for %s', (code, piece) => {
    const made = translated(
      [{ code: `const t = tensor('a');\n${code}`, expression: false }],
      page,
      new Set(),
    );
    expect(made.without).toEqual([piece]);
    expect(made.lines.at(-1)).toBe(`# no line for: ${code.replace('const ', '')}`);
  });
});
