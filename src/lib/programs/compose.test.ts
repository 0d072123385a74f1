import { describe, expect, it } from 'vitest';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { composed, type ComposedStep, type Composition, type Wanting } from './compose.ts';
import type { Pass, Program, ProgramContext } from './program.ts';

const one = (n: number) => Float32Array.of(n);
const part = { title: { en: 'a', zh: '甲' }, fits: () => true };
const program = (composition: Composition<Wanting>) =>
  composed<Wanting>({ id: 'toy', title: part.title, parts: { a: part, b: part }, composition });

/** Networks of one number: `a` doubles its `x`, `b` adds ten. */
function setup(of: Program<Wanting, ComposedStep>, over: Partial<ProgramContext<Wanting>> = {}) {
  const passes: [string, Pass][] = [];
  const context: ProgramContext<Wanting> = {
    models: { a: {} as ModelConfig, b: {} as ModelConfig },
    spec: {},
    call: async (name, pass) => {
      passes.push([name, pass]);
      const x = pass.inputs.x![0]!;
      const y = name === 'a' ? 2 * x : x + 10;
      return { tensors: pass.outputs.map((o) => ({ name: o, shape: [1], data: one(y) })), ms: 1 };
    },
    prepare: async () => {},
    signal: new AbortController().signal,
    now: () => 0,
    ...over,
  };
  const run = async () => {
    const steps: ComposedStep[] = [];
    for await (const step of of.run(context)) steps.push(step);
    return steps;
  };
  return { passes, run };
}
const pass = (name: string, from: string, to: string): Composition<Wanting> => ({
  kind: 'pass',
  part: name,
  feed: ({ values }) => ({ x: values[from]! }),
  keep: () => ({ [to]: 'y' }),
});
const begin: Composition<Wanting> = { kind: 'make', make: () => ({ x: one(3) }) };

describe('a composition', () => {
  it('in a row hands each pass what the ones before have made', async () => {
    const { run, passes } = setup(
      program({ kind: 'row', of: [begin, pass('a', 'x', 'p'), pass('b', 'p', 'q')] }),
    );
    const steps = await run();
    expect(steps.map(({ step, total, part: of }) => [step, total, of])).toEqual([
      [1, 2, 'a'],
      [2, 2, 'b'],
    ]);
    expect(steps[0]!.inputs.x).toEqual(one(3));
    expect(steps[1]!.values.q).toEqual(one(16));
    expect(passes.map(([name]) => name)).toEqual(['a', 'b']);
  });

  it('side by side shows no part what another has made, and puts the answers together', async () => {
    const blind: Composition<Wanting> = {
      kind: 'pass',
      part: 'b',
      feed: ({ values }) => ({ x: values.p ?? values.x! }),
      keep: () => ({ q: 'y' }),
    };
    const product: Composition<Wanting> = {
      kind: 'make',
      make: ({ values }) => ({ x: one(values.p![0]! * values.q![0]!) }),
    };
    const { run } = setup(
      program({
        kind: 'row',
        of: [begin, { kind: 'beside', of: [pass('a', 'x', 'p'), blind] }, product, pass('a', 'x', 'r')],
      }),
    );
    const steps = await run();
    expect(steps[1]!.inputs.x).toEqual(one(3));
    expect(steps.at(-1)!.values.r).toEqual(one(2 * 6 * 13));
  });

  it('refuses two parts side by side that make one value', async () => {
    const { run } = setup(
      program({
        kind: 'row',
        of: [begin, { kind: 'beside', of: [pass('a', 'x', 'p'), pass('b', 'x', 'p')] }],
      }),
    );
    await expect(run()).rejects.toThrow('both make a value called "p"');
  });

  it('in a loop goes round as often as the spec says, counts, and stops where it is told', async () => {
    const loop = program({
      kind: 'row',
      of: [begin, { kind: 'loop', rounds: () => 4, of: pass('a', 'x', 'x') }],
    });
    const steps = await setup(loop).run();
    expect(steps.map(({ round, values }) => [round, values.x![0]])).toEqual([
      [0, 6],
      [1, 12],
      [2, 24],
      [3, 48],
    ]);
    expect(await setup(loop, { until: 2 }).run()).toHaveLength(2);
  });

  it('goes on after any step as if it had not been stopped', async () => {
    const loop = program({
      kind: 'row',
      of: [begin, { kind: 'loop', rounds: () => 3, of: pass('a', 'x', 'x') }, pass('b', 'x', 'end')],
    });
    const whole = await setup(loop).run();
    for (const step of whole.slice(0, -1)) {
      const rest = await setup(loop, { resume: loop.resume(step) }).run();
      expect(rest.map((s) => s.step)).toEqual(whole.slice(step.step).map((s) => s.step));
      expect(rest.at(-1)!.values.end).toEqual(whole.at(-1)!.values.end);
    }
  });

  it('begins anew where it has a cache, which is not among the values', async () => {
    const cached = program({
      kind: 'row',
      of: [
        begin,
        {
          kind: 'loop',
          rounds: () => 3,
          of: { ...pass('a', 'x', 'x'), carry: { present: 'past' } } as Composition<Wanting>,
        },
      ],
    });
    const { run, passes } = setup(cached, { resume: { step: 2, values: { x: one(12) } } });
    expect(await run()).toHaveLength(3);
    expect(passes[0]![1].carry).toEqual({ present: 'past' });
  });

  it('stops before the next pass once nobody wants the rest', async () => {
    const stop = new AbortController();
    const { run, passes } = setup(
      program({ kind: 'row', of: [begin, { kind: 'loop', rounds: () => 5, of: pass('a', 'x', 'x') }] }),
      { signal: stop.signal },
    );
    const running = run();
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(passes.length).toBeLessThan(5);
  });

  it('hands on tensors that are asked for beside, copied where the program goes on with them', async () => {
    const { run } = setup(program({ kind: 'row', of: [begin, pass('a', 'x', 'p')] }), {
      spec: { outputs: { a: ['y', 'probs'] } },
    });
    const [step] = await run();
    expect(step!.tensors.map((t) => t.name)).toEqual(['y', 'probs']);
    expect(step!.tensors[0]!.data).not.toBe(step!.values.p);
  });

  it('says how its parts stand to each other', () => {
    const { outline } = program({
      kind: 'row',
      of: [begin, { kind: 'loop', rounds: () => 2, of: pass('a', 'x', 'x') }, pass('b', 'x', 'y')],
    });
    expect(outline).toEqual({
      kind: 'row',
      of: [
        { kind: 'loop', of: { kind: 'pass', part: 'a' } },
        { kind: 'pass', part: 'b' },
      ],
    });
  });
});
