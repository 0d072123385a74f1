import {
  snippetCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { FIRST_MODEL } from '#lib/models/first-model.ts';
import { REACH } from '../language/globals.ts';
import type { Offers } from './offers.ts';

const INFO: Readonly<Record<(typeof REACH)[number], string>> = {
  tensor: "tensor('probs')",
  model: `await model('${FIRST_MODEL}')`,
  sample: 'await sample({ class: 3, steps: 20 })',
  program: "await program('…', { parts, onStep })",
  picture: "picture(), await picture('tabby')",
  state: 'state.p, state.set({ p: 8 })',
  Tensor: 'new Tensor([2, 2], [1, 2, 3, 4])',
  Picture: 'new Picture(width, height, rgba)',
  noise: 'noise(seed, [3, 32, 32])',
  Plot: 'Plot.plot({ marks: […] })',
  d3: 'd3.mean(…)',
  html: 'html`<b>…</b>`',
  svg: 'svg`<circle …/>`',
  Inputs: 'Inputs.range([0, 1])',
  display: 'display(value)',
  view: 'view(Inputs.range([0, 1]))',
  width: 'pixels',
  invalidation: 'a promise',
};
const METHODS =
  'at slice mean sum max min argmax softmax map plus minus times reshape transpose matmul toArray shape dims values size'.split(
    ' ',
  );

/** A name that has members of its own to be offered. */
const LIBRARY = /(?<![\w$.])(Plot|d3|Inputs|Math)\.\w*/;

/** What can be completed at a place: tensors with their shapes, names of cells and of what a cell can reach, members of these. */
export function completions(
  context: CompletionContext,
  { tensors, names, fields }: Offers,
): CompletionResult | Promise<CompletionResult | null> | null {
  const quoted = context.matchBefore(/tensor\(\s*['"`][\w.[\]-]*/);
  if (quoted) {
    const from = quoted.from + quoted.text.search(/['"`]/) + 1;
    const options = tensors.map(({ name, shape, dims }): Completion => ({
      label: name,
      detail: `[${shape.join(', ')}]  ${dims.join(' ')}`,
      type: 'constant',
    }));
    return { from, options, validFor: /^[\w.[\]-]*$/ };
  }
  const field = context.matchBefore(/\bstate\.\w*/);
  if (field)
    return {
      from: field.from + 6,
      options: [...fields, 'set'].map((label) => ({ label })),
      validFor: /^\w*$/,
    };
  const member = context.matchBefore(/[\w)\]]\.\w*/);
  if (member) {
    if (context.matchBefore(LIBRARY)) return library(context);
    return {
      from: member.from + 2,
      options: METHODS.map((label) => ({ label, type: 'method' })),
      validFor: /^\w*$/,
    };
  }
  const word = context.matchBefore(/\w+/);
  if (!word && !context.explicit) return null;
  const reach = REACH.map((label): Completion => ({ label, detail: INFO[label], type: 'variable' }));
  const given = names.map((label): Completion => ({ label, type: 'variable', boost: 2 }));
  const call = snippetCompletion("tensor('${}')", { label: 'tensor', detail: INFO.tensor, boost: 1 });
  return { from: word?.from ?? context.pos, options: [...given, call, ...reach.slice(1)], validFor: /^\w*$/ };
}

async function library(context: CompletionContext): Promise<CompletionResult | null> {
  const found = context.matchBefore(LIBRARY);
  if (!found) return null;
  const [name = ''] = found.text.split('.');
  const members = await import('./members.ts').catch(() => undefined);
  if (!members) return null;
  const options = (members.MEMBERS[name] ?? []).map((label) => ({ label, type: 'function' }));
  return { from: found.from + name.length + 1, options, validFor: /^\w*$/ };
}
