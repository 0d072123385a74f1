import { StateField } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import { coloured, type PieceKind } from '../language/colours.ts';

const mark = (kind: PieceKind) => Decoration.mark({ class: `cm-${kind}` });
const MARKS: Readonly<Record<PieceKind, Decoration>> = {
  keyword: mark('keyword'),
  text: mark('text'),
  number: mark('number'),
  name: mark('name'),
  comment: mark('comment'),
};

const marksOf = (code: string): DecorationSet =>
  Decoration.set(coloured(code).map(({ start, end, kind }) => MARKS[kind].range(start, end)));

/**
 * Code in the colours in which it stood before the editor came: by the parser that the page reads cells with, so that
 * no second one is fetched.
 */
export const colours = StateField.define<DecorationSet>({
  create: ({ doc }) => marksOf(doc.toString()),
  update: (marks, { docChanged, newDoc }) => (docChanged ? marksOf(newDoc.toString()) : marks),
  provide: (field) => EditorView.decorations.from(field),
});

export const colourLook = EditorView.theme({
  '.cm-keyword': { color: 'var(--dim-head)' },
  '.cm-text': { color: 'var(--good)' },
  '.cm-number': { color: 'var(--dim-channel)' },
  '.cm-name': { color: 'var(--dim-token)' },
  '.cm-comment': { color: 'var(--ink-2)', fontStyle: 'italic' },
});
