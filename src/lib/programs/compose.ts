import type { WireTensor } from '#lib/base/tensor.ts';
import type { InputValues, Variant } from '#lib/models/family.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import type { Outline, Part, Program, ProgramContext, ProgramStep } from './program.ts';
import type { Text } from '#lib/base/lang.ts';

/** What a composition works on: values by name, flat. Every step adds to them. */
export type Values = Readonly<Record<string, Float32Array>>;

/** What the functions of a composition may look at. */
export interface Scope<Spec> {
  readonly values: Values;
  readonly spec: Spec;
  readonly models: Readonly<Record<string, ModelConfig>>;
  /** How often the innermost loop has gone round before: 0, 1 … */
  readonly round: number;
}

/** A forward pass of a part. */
export interface PassNode<Spec> {
  readonly kind: 'pass';
  readonly part: string;
  readonly feed: (scope: Scope<Spec>) => InputValues;
  /** Values to keep, by name, and the tensors they are. */
  readonly keep: (scope: Scope<Spec>) => Readonly<Record<string, string>>;
  readonly variant?: (scope: Scope<Spec>) => Variant;
  /** A cache: outputs that are inputs at the next round. */
  readonly carry?: Readonly<Record<string, string>>;
}

/** Values made of values between the passes; part of the step before it. */
export interface MakeNode<Spec> {
  readonly kind: 'make';
  readonly make: (scope: Scope<Spec>) => Values;
}

/** Parts of a composition one after another. */
export interface RowNode<Spec> {
  readonly kind: 'row';
  readonly of: readonly Composition<Spec>[];
}

/** Parts that do not see each other's values. */
export interface BesideNode<Spec> {
  readonly kind: 'beside';
  readonly of: readonly Composition<Spec>[];
}

/** A part again and again. */
export interface LoopNode<Spec> {
  readonly kind: 'loop';
  readonly rounds: (spec: Spec) => number;
  readonly of: Composition<Spec>;
}

export type Composition<Spec> =
  PassNode<Spec> | MakeNode<Spec> | RowNode<Spec> | BesideNode<Spec> | LoopNode<Spec>;

/** A step of a composed program: one pass, with the values that are there after it. */
export interface ComposedStep extends ProgramStep {
  readonly part: string;
  readonly round: number;
  /** What the part was fed: whoever feeds it the same sees all its tensors. */
  readonly inputs: InputValues;
  readonly variant: Variant;
  /** All values so far. */
  readonly values: Values;
  /** The forward pass, milliseconds. */
  readonly ms: number;
}

/** What a composed program goes on with. */
interface Resume {
  readonly step: number;
  readonly values: Values;
}

/** A spec may ask for more tensors of a part, to be handed on with its steps. */
export interface Wanting {
  readonly outputs?: Readonly<Record<string, readonly string[]>>;
}

/** One leaf of a composition on its way: which round it is in, and which values it must not see. */
interface Leaf<Spec> {
  readonly node: PassNode<Spec> | MakeNode<Spec>;
  readonly round: number;
  /** Leaves (by index) whose values this one does not see: those it stands beside. */
  readonly unseen: ReadonlySet<number>;
}

/**
 * A program whose passes follow from a declared composition.
 * @throws RangeError (when it runs) where two parts that stand side by side make a value of the same name
 */
export function composed<Spec extends Wanting>(declared: {
  readonly id: string;
  readonly title: Text;
  readonly parts: Readonly<Record<string, Part>>;
  readonly composition: Composition<Spec>;
  /** Throws RangeError for a spec that cannot be. */
  readonly check?: (spec: Spec, models: Readonly<Record<string, ModelConfig>>) => void;
}): Program<Spec, ComposedStep> {
  const { id, title, parts, composition } = declared;
  return {
    id,
    title,
    parts,
    outline: outlineOf(composition),
    run(context) {
      declared.check?.(context.spec, context.models);
      return walk(composition, context);
    },
    resume: ({ step, values }): Resume => ({ step, values }),
  };
}

function outlineOf<Spec>(node: Composition<Spec>): Outline {
  const inside = (of: readonly Composition<Spec>[]) => of.filter((n) => n.kind !== 'make').map(outlineOf);
  if (node.kind === 'pass') return { kind: 'pass', part: node.part };
  if (node.kind === 'loop') return { kind: 'loop', of: outlineOf(node.of) };
  if (node.kind === 'make') return { kind: 'row', of: [] };
  return { kind: node.kind, of: inside(node.of) };
}

function carries<Spec>(node: Composition<Spec>): boolean {
  if (node.kind === 'pass') return node.carry !== undefined;
  if (node.kind === 'loop') return carries(node.of);
  return node.kind === 'make' ? false : node.of.some(carries);
}

/** All leaves in the order they run. */
function leavesOf<Spec>(composition: Composition<Spec>, spec: Spec): Leaf<Spec>[] {
  const leaves: Leaf<Spec>[] = [];
  const add = (node: Composition<Spec>, round: number, unseen: ReadonlySet<number>): void => {
    if (node.kind === 'pass' || node.kind === 'make') {
      leaves.push({ node, round, unseen });
    } else if (node.kind === 'row') {
      for (const inner of node.of) add(inner, round, unseen);
    } else if (node.kind === 'loop') {
      for (let r = 0; r < node.rounds(spec); r++) add(node.of, r, unseen);
    } else {
      const first = leaves.length;
      for (const inner of node.of) {
        const siblings = Array.from({ length: leaves.length - first }, (_, i) => first + i);
        add(inner, round, new Set([...unseen, ...siblings]));
      }
    }
  };
  add(composition, 0, new Set());
  return leaves;
}

async function* walk<Spec extends Wanting>(
  composition: Composition<Spec>,
  { models, spec, call, resume, until, signal }: ProgramContext<Spec>,
): AsyncGenerator<ComposedStep, void, void> {
  const leaves = leavesOf(composition, spec);
  const total = leaves.filter(({ node }) => node.kind === 'pass').length;
  // A cache is not among the values: what has one begins anew.
  const done = carries(composition) ? undefined : (resume as Resume | undefined);
  let values: Values = done?.values ?? {};
  /** Names that each leaf has made. */
  const made: (readonly string[])[] = [];
  let step = 0;
  for (const [at, { node, round, unseen }] of leaves.entries()) {
    const hidden = new Set([...unseen].flatMap((i) => made[i] ?? []));
    const seen = Object.fromEntries(Object.entries(values).filter(([name]) => !hidden.has(name)));
    const scope = { values: seen, spec, models, round };
    const skip = step < (done?.step ?? 0);
    if (node.kind === 'make') {
      const more = skip ? {} : node.make(scope);
      made[at] = Object.keys(more);
      values = joined(values, more, hidden);
      continue;
    }
    const keep = node.keep(scope);
    made[at] = Object.keys(keep);
    step++;
    if (step <= (done?.step ?? 0)) continue;
    signal.throwIfAborted();
    const inputs = node.feed(scope);
    const variant = node.variant?.(scope) ?? {};
    const wanted = spec.outputs?.[node.part] ?? [];
    const outputs = [...new Set([...Object.values(keep), ...wanted])];
    const { carry } = node;
    const pass = { inputs, outputs, variant, ...(carry && { carry }) };
    const { tensors, ms } = await call(node.part, pass);
    const of = (name: string): WireTensor => tensors.find((t) => t.name === name)!;
    const more = Object.fromEntries(Object.entries(keep).map(([name, tensor]) => [name, of(tensor).data]));
    values = joined(values, more, hidden);
    const beside = wanted.map(of).map((t) => (Object.values(keep).includes(t.name) ? copyOf(t) : t));
    yield { step, total, part: node.part, round, inputs, variant, values, tensors: beside, ms };
    if (step === until) return;
  }
}

/** Values with more of them; the same name in parts that stand side by side would make one answer of two. */
function joined(values: Values, more: Values, hidden: ReadonlySet<string>): Values {
  for (const name of Object.keys(more))
    if (hidden.has(name)) throw new RangeError(`Two parts side by side both make a value called "${name}".`);
  return { ...values, ...more };
}

const copyOf = (t: WireTensor): WireTensor => ({ ...t, data: t.data.slice() });
