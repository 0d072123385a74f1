import { formatShape, shownShape, type Value } from '#lib/graph/index.ts';
import { isCell } from './shown.ts';
import type { ConfigError } from '#lib/base/config-error.ts';
import type { InspectorState } from './state.ts';
import type { LinkProblem } from '#lib/state/permalink.ts';
import { configErrorText } from '#lib/base/config-errors.ts';

/** What a reader is told whose link asks for a configuration of a model that cannot be built. */
export function cannotBe(model: string, error: ConfigError): LinkProblem {
  const why = configErrorText(error);
  return {
    kind: 'lesson',
    text: {
      en: `The link asks for a configuration that cannot be built. ${why.en} The graph of ${model} is shown as it is; the values can be changed under “Configuration”.`,
      zh: `链接要求的配置无法搭建。${why.zh}这里显示的是 ${model} 原来的计算图，各项取值可以在“配置”里修改。`,
    },
  };
}

/** What a reader is told whose link names a tensor that the model does not have. */
export function noTensor(model: string, name: string, shown: string): LinkProblem {
  return {
    kind: 'lesson',
    text: {
      en: `${model} has no tensor ${name}. ${shown} is open instead; the outline has all there are.`,
      zh: `${model} 没有张量 ${name}，这里打开的是 ${shown}；大纲里列有全部张量。`,
    },
  };
}

/** What a reader is told whose link names a cell that lies outside the tensor; undefined where it lies inside. */
export function noCell(value: Value, name: string, cell: readonly number[]): LinkProblem | undefined {
  const shown = shownShape(value, name);
  if (cell.length === 0 || isCell(cell, shown.shape)) return undefined;
  const [index, shape] = [`[${cell.join(', ')}]`, formatShape(shown)];
  return {
    kind: 'lesson',
    text: {
      en: `${name} ${shape} has no cell ${index}, so none is chosen.`,
      zh: `${name} ${shape} 没有单元 ${index}，所以没有选中单元。`,
    },
  };
}

/** What is open, as far as a link can ask for what it does not have. */
interface Held {
  readonly state: Pick<InspectorState, 't'> & { cell: readonly number[] };
  readonly source: { readonly name: string };
  readonly illegal: ConfigError | undefined;
  /** The open tensor: the link's, or another where there is none of that name. */
  readonly selected: string;
  value(name: string): Value | undefined;
}

/** What of a link the open model does not have. It is taken back, and something else is shown in its place. */
export function strangersIn(held: Held): readonly LinkProblem[] {
  const { state, source, illegal } = held;
  const problems = illegal ? [cannotBe(source.name, illegal)] : [];
  const { t, cell } = state;
  if (t && !held.value(t)) {
    state.t = '';
    problems.push(noTensor(source.name, t, held.selected));
    state.cell = [];
  }
  const outside = noCell(held.value(held.selected)!, held.selected, cell);
  if (outside && state.t) problems.push(outside);
  if (outside) state.cell = [];
  return problems;
}
