import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  snippetCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
  type DecorationSet,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { FIRST_MODEL } from '#lib/models/first-model.ts';
import { REACH } from '../language/globals.ts';
import type { CellFault } from '../language/faults.ts';
import type { Offers } from './offers.ts';

export interface CodeEditor {
  /** Shows another text; the same one leaves cursor and history as they are. */
  show(code: string): void;
  /** Underlines the place of a fault. */
  mark(fault: CellFault | undefined): void;
  focus(): void;
  destroy(): void;
}

interface Options {
  readonly code: string;
  readonly label: string;
  readonly offers: () => Offers;
  readonly onchange: (code: string) => void;
  readonly onrun: () => void;
}

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--dim-head)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--dim-channel)' },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName)], color: 'var(--dim-token)' },
  { tag: tags.comment, color: 'var(--ink-2)', fontStyle: 'italic' },
]);

const look = EditorView.theme({
  '&': { color: 'var(--ink)', fontSize: 'var(--text-m)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { fontFamily: 'var(--mono)', padding: '10px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 12px 0 4px' },
  '.cm-scroller': { lineHeight: '1.55', fontFamily: 'var(--mono)', maxHeight: '60vh' },
  '.cm-gutters': { background: 'transparent', border: 'none', color: 'var(--ink-2)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--accent-soft) !important',
  },
  '.cm-matchingBracket': { background: 'var(--accent-soft) !important' },
  '.cm-selectionMatch': { background: 'var(--accent-soft)' },
  '.cm-fault': { textDecoration: 'underline wavy var(--bad)' },
  '.cm-tooltip': {
    background: 'var(--paper)',
    color: 'var(--ink)',
    border: '1px solid var(--rule)',
    borderRadius: 'var(--r-in)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--accent)', color: 'var(--paper)' },
  '.cm-panels': { background: 'var(--panel)', color: 'var(--ink)' },
});

const setFault = StateEffect.define<{ from: number; to: number } | undefined>();
const faultMark = Decoration.mark({ class: 'cm-fault' });
const faults = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, change) {
    let now = marks.map(change.changes);
    for (const effect of change.effects)
      if (effect.is(setFault))
        now = effect.value
          ? Decoration.set(faultMark.range(effect.value.from, effect.value.to))
          : Decoration.none;
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** A CodeMirror editor in an element. Tab indents; after Esc it leaves, as CodeMirror's own manual says. */
export function codeEditor(
  parent: HTMLElement,
  { code, label, offers, onchange, onrun }: Options,
): CodeEditor {
  const run = () => {
    onrun();
    return true;
  };
  const gutter = new Compartment();
  const numbers = (text: string) => (text.includes('\n') ? lineNumbers() : []);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: code,
      extensions: [
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightSelectionMatches(),
        javascript(),
        syntaxHighlighting(colours),
        autocompletion({ override: [(context) => completions(context, offers())], icons: false }),
        faults,
        look,
        gutter.of(numbers(code)),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        keymap.of([
          { key: 'Shift-Enter', run },
          { key: 'Mod-Enter', run },
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...completionKeymap,
          indentWithTab,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onchange(update.state.doc.toString());
        }),
      ],
    }),
  });
  // Lines are measured anew once the typeface is here.
  void document.fonts.ready.then(() => view.requestMeasure());
  return {
    show(text) {
      const now = view.state.doc.toString();
      if (text !== now) view.dispatch({ changes: { from: 0, to: now.length, insert: text } });
    },
    mark(fault) {
      const { doc } = view.state;
      const effects: StateEffect<unknown>[] = [setFault.of(undefined)];
      if (fault?.line !== undefined && fault.line <= doc.lines) {
        const line = doc.line(fault.line);
        const from = Math.min(line.from + (fault.column ?? 1) - 1, Math.max(line.from, line.to - 1));
        const word = /^[\w$]+|^./.exec(line.text.slice(from - line.from))?.[0].length ?? 0;
        if (word > 0) effects.push(setFault.of({ from, to: from + word }));
      }
      effects.push(gutter.reconfigure(numbers(doc.toString())));
      view.dispatch({ effects });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

const INFO: Readonly<Record<(typeof REACH)[number], string>> = {
  tensor: "tensor('probs')",
  model: `await model('${FIRST_MODEL}')`,
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

function completions(
  context: CompletionContext,
  { tensors, names, fields }: Offers,
): CompletionResult | null {
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
    if (
      /\b(Plot|d3|Inputs|Math)\.\w*$/.test(context.state.sliceDoc(Math.max(0, context.pos - 40), context.pos))
    )
      return library(context);
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

const LIBRARY: Readonly<Record<string, string>> = {
  Plot: 'plot lineY lineX line areaY barX barY dot dotX dotY cell raster contour rectX rectY ruleX ruleY text tip frame axisX axisY gridX gridY image link arrow binX binY groupX groupY stackX stackY normalizeX windowY',
  d3: 'mean sum min max extent median quantile deviation variance range group rollup bin sort ascending descending zip cross scaleLinear scaleLog scaleSequential interpolateViridis interpolateRdBu interpolateTurbo format randomNormal randomUniform schemeTableau10 line area path create',
  Inputs: 'range number select radio checkbox toggle text textarea color button table search date',
  Math: 'abs exp log log2 max min pow random round floor ceil sqrt sin cos tan tanh hypot PI E',
};

function library(context: CompletionContext): CompletionResult | null {
  const found = context.matchBefore(/\b(Plot|d3|Inputs|Math)\.\w*/);
  const [name = ''] = found?.text.split('.') ?? [];
  const options = (LIBRARY[name] ?? '').split(' ').map((label) => ({ label, type: 'function' }));
  return found && { from: found.from + name.length + 1, options, validFor: /^\w*$/ };
}
