import { escaped, LightNode } from './dom.ts';
import { SaidError } from './said-error.ts';

/** Text of HTML or SVG, made by a template or an element. The page sanitises it before it is shown. */
export class Markup {
  readonly kind: 'html' | 'svg';
  readonly text: string;
  constructor(kind: 'html' | 'svg', text: string) {
    this.kind = kind;
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** What stands in a template, as text: nodes and markup as they are, lists one after another, everything else escaped. */
function written(value: unknown): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup || value instanceof LightNode) return String(value);
  if (typeof value === 'function')
    throw new SaidError(
      'A template of a cell takes no functions, since a result is data. For what a reader sets, use Inputs.',
      '单元的模板里不能放函数，因为结果只是数据。要让读者设置什么，请用 Inputs。',
    );
  if (Array.isArray(value)) return value.map(written).join('');
  return escaped(String(value));
}

const template =
  (kind: Markup['kind']) =>
  (strings: TemplateStringsArray, ...values: unknown[]): Markup =>
    new Markup(
      kind,
      strings.reduce((text, next, i) => text + written(values[i - 1]) + next),
    );

/** `html\`<b>${text}</b>\``: what is put in is escaped, unless it is markup itself. */
export const html = template('html');
/** The inside of a drawing: `svg\`<svg …>\`` whole, or parts of it to be put into another. */
export const svg = template('svg');

/** A value as markup: elements that Plot or D3 made, and templates; undefined for others. */
export function markupOf(value: unknown): Markup | undefined {
  if (value instanceof Markup) return value;
  if (!(value instanceof LightNode)) return undefined;
  return new Markup('localName' in value && value.localName === 'svg' ? 'svg' : 'html', String(value));
}
