import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentService, type IndentContext } from '@codemirror/language';
import { Compartment, EditorState, Prec, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
  type DecorationSet,
} from '@codemirror/view';
import type { CellFault } from '../language/faults.ts';
import { colours, colourLook } from './editor-colours.ts';
import { completions } from './complete.ts';
import type { Offers } from './offers.ts';

export interface CodeEditor {
  /** Shows another text; the same one leaves cursor and history as they are. */
  show(code: string): void;
  /** Underlines the place of a fault. */
  mark(fault: CellFault | undefined): void;
  /** Puts the cursor in, where a place of the window is named at the character there. */
  focus(at?: { readonly x: number; readonly y: number }): void;
  destroy(): void;
}

interface Options {
  readonly code: string;
  readonly label: string;
  readonly offers: () => Offers;
  readonly onchange: (code: string) => void;
  readonly onrun: () => void;
}

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

/** What commands know of the language: how it is commented, and which brackets and quotes come in pairs. */
const script = EditorState.languageData.of(() => [
  {
    commentTokens: { line: '//', block: { open: '/*', close: '*/' } },
    closeBrackets: { brackets: ['(', '[', '{', "'", '"', '`'] },
  },
]);

/** Spaces before a new line: as the line before it, two more behind an open bracket, two fewer before a closing one. */
function indentation(context: IndentContext, at: number): number {
  const { doc } = context.state;
  const broken = context.simulatedBreak === at;
  if (at === 0 && !broken) return 0;
  const before = broken ? context.lineAt(at, -1).text : doc.lineAt(at - 1).text;
  const spaces = /^ */.exec(before)?.[0].length ?? 0;
  const deeper = /[([{]\s*$/.test(before) ? context.unit : 0;
  const closes = /^\s*[)\]}]/.test(context.textAfterPos(at)) ? context.unit : 0;
  return Math.max(0, spaces + deeper - closes);
}

/** How long Tab leaves the editor after Esc, in milliseconds. */
const LEAVING_MS = 2_000;
/** Esc lets Tab leave, also where it closes a list or drops a selection: CodeMirror's own does so only where it does nothing else. */
const leaving = Prec.highest(
  keymap.of([
    {
      key: 'Escape',
      run: (view) => {
        view.setTabFocusMode(LEAVING_MS);
        return false;
      },
    },
  ]),
);

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
  const search = new Compartment();
  /** Search is fetched when it is asked for: few cells are long enough to need it. */
  const find = (view: EditorView) => {
    void import('./search.ts').then(({ searching, openSearchPanel }) => {
      if (search.get(view.state) !== searching) view.dispatch({ effects: search.reconfigure(searching) });
      openSearchPanel(view);
    });
    return true;
  };
  const numbers = (text: string) => (text.includes('\n') ? lineNumbers() : []);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: code,
      extensions: [
        leaving,
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        search.of([]),
        script,
        indentService.of(indentation),
        colours,
        colourLook,
        autocompletion({ override: [(context) => completions(context, offers())], icons: false }),
        faults,
        look,
        gutter.of(numbers(code)),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        keymap.of([
          { key: 'Shift-Enter', run },
          { key: 'Mod-Enter', run },
          { key: 'Mod-f', run: find, scope: 'editor search-panel' },
          ...closeBracketsKeymap,
          ...defaultKeymap,
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
    focus(at) {
      view.focus();
      if (at) view.dispatch({ selection: { anchor: view.posAtCoords(at, false) } });
    },
    destroy: () => view.destroy(),
  };
}
