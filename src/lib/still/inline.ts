import { CONTROLS, namesControl } from './controls.ts';
import { pixelsNow, type PixelsOf } from './pixels.ts';
import { scrolledTo } from './scrolled.ts';
import { BOX, DRAWN, INHERITED, MEASURES, OWN, SIDES, WITH } from './properties.ts';

const HTML = 'http://www.w3.org/1999/xhtml';
const SVG = 'http://www.w3.org/2000/svg';
const BLANK = /^\s*$/;
/** Attributes of a drawing that are of the page, not of the drawing. */
const OF_THE_PAGE = /^(class|style|role|tabindex|aria-.*|data-.*|on.*)$/;

/**
 * A copy of what an element shows now that needs neither its styles nor its scripts: every look is written into its
 * elements, every size is the measured one, canvases are their pixels, and controls are left out. What scrolls inside is
 * there as a whole. Made at once, so that a page can be copied while the browser waits to print it.
 * @param root stands in the document and is laid out
 */
export function inlineStill(root: HTMLElement, pixelsOf: PixelsOf = pixelsNow): HTMLElement {
  const copy = new Inliner(root, pixelsOf).copy();
  Object.assign(copy.style, {
    position: 'relative',
    inset: 'auto',
    margin: '0',
    transform: 'none',
    zIndex: 'auto',
    boxShadow: 'none',
  });
  return copy;
}

/** Pixels of height that a box may hide and still be shown as a whole; of longer ones a still has the part in view. */
const MOST_HIDDEN = 600;

const SHOWN = [['overflow', 'visible']] as const;
const CUT = [['overflow', 'hidden']] as const;
/** In a button that is no flex box. */
const MIDDLE = [
  ['display', 'inline-flex'],
  ['align-items', 'center'],
  ['justify-content', 'center'],
] as const;

type Look = readonly (readonly [name: string, value: string])[];

class Inliner {
  readonly #root: HTMLElement;
  readonly #pixelsOf: PixelsOf;
  readonly #initial: ReadonlyMap<string, string>;
  /** Elements whose height follows what is in them: something is missing there, or was scrolled. */
  readonly #loose = new Set<Element>();

  readonly #read = new Map<readonly string[], Map<CSSStyleDeclaration, readonly string[]>>();

  constructor(root: HTMLElement, pixelsOf: PixelsOf) {
    this.#root = root;
    this.#pixelsOf = pixelsOf;
    this.#initial = initialValues();
    for (const control of root.querySelectorAll(CONTROLS)) this.#loosen(control.parentElement);
    for (const box of root.querySelectorAll<HTMLElement>('*')) {
      const hidden = box.scrollHeight - box.clientHeight;
      if (hidden > 1 && hidden < MOST_HIDDEN && /auto|scroll/.test(getComputedStyle(box).overflowY))
        this.#loosen(box);
    }
  }

  copy(): HTMLElement {
    return (this.#element(this.#root, undefined) as HTMLElement | null) ?? document.createElement('div');
  }

  #loosen(from: Element | null): void {
    for (let e = from; e && this.#root.contains(e); e = e.parentElement) this.#loose.add(e);
  }

  #element(element: Element, parent: CSSStyleDeclaration | undefined): Element | null {
    const look = getComputedStyle(element);
    if (element instanceof HTMLInputElement && !element.closest('[data-screen]'))
      return this.#field(element, look, parent);
    if (element !== this.#root && (element.matches(CONTROLS) || namesControl(element))) return null;
    if (look.display === 'none') return null;
    if (element.namespaceURI === SVG) return this.#shape(element as SVGElement, look, parent);
    if (element.namespaceURI !== HTML || !(element instanceof HTMLElement)) return null;
    if (unseen(element, look)) return null;
    if (element instanceof HTMLBRElement || element.localName === 'wbr')
      return document.createElement(element.localName);
    return this.#box(element, look, parent);
  }

  /** Of a node inside an element: words as they are, of elements what is shown of them, of anything else nothing. */
  #child(node: ChildNode, look: CSSStyleDeclaration): Node | null {
    if (node instanceof Text) return node.cloneNode();
    return node instanceof Element ? this.#element(node, look) : null;
  }

  /** Of HTML only boxes are left, so that no style sheet of a page they come into knows them. */
  #box(element: HTMLElement, look: CSSStyleDeclaration, parent: CSSStyleDeclaration | undefined) {
    const style = [...this.#lookOf(look, parent), ...this.#sizesOf(element, look, parent)];
    if (element instanceof HTMLCanvasElement) {
      const pixels = this.#pixelsOf(element);
      return pixels ? styled(pixels, style) : null;
    }
    if (element instanceof HTMLImageElement) {
      const image = document.createElement('img');
      image.src = element.currentSrc || element.src;
      image.alt = element.alt;
      return styled(image, style);
    }
    const copy = styled(document.createElement('div'), style);
    const before = this.#pseudo(element, '::before', look);
    if (before) copy.append(before);
    let lost = false;
    for (const child of element.childNodes) {
      const made = this.#child(child, look);
      if (made) copy.append(made);
      else if (child instanceof Element) lost = true;
    }
    const after = this.#pseudo(element, '::after', look);
    if (after) copy.append(after);
    this.#scroll(element, copy);
    // What held nothing but controls has gone with them.
    const empty = [...copy.childNodes].every((n) => n instanceof Text && BLANK.test(n.data));
    return lost && empty && element !== this.#root ? null : copy;
  }

  /** A part in view: what lies above it and to its left is moved out. */
  #scroll(element: HTMLElement, copy: HTMLElement): void {
    const first = copy.firstElementChild;
    const [top, left] = scrolledTo(element);
    if (!(first instanceof HTMLElement) || this.#loose.has(element) || (top === 0 && left === 0)) return;
    first.style.marginTop = `${(parseFloat(first.style.marginTop) || 0) - top}px`;
    first.style.marginLeft = `${(parseFloat(first.style.marginLeft) || 0) - left}px`;
  }

  /** What was ticked or typed. */
  #field(field: HTMLInputElement, look: CSSStyleDeclaration, parent: CSSStyleDeclaration | undefined) {
    if (field.type === 'checkbox') return look.opacity === '0' ? null : tick(field.checked);
    if (!/^(text|search)$/.test(field.type)) return null;
    const copy = this.#box(field, look, parent);
    if (copy) copy.textContent = field.value;
    return copy;
  }

  #pseudo(element: HTMLElement, which: '::before' | '::after', parent: CSSStyleDeclaration) {
    const look = getComputedStyle(element, which);
    if (look.content === 'none' || look.content === 'normal' || look.display === 'none') return null;
    const words = [...look.content.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) =>
      word!.replace(/\\(.)/g, '$1'),
    );
    const copy = styled(document.createElement('div'), [
      ...this.#lookOf(look, parent),
      ...(look.display === 'inline'
        ? []
        : [['width', look.width] as const, ['height', look.height] as const]),
    ]);
    copy.textContent = words.join('');
    return copy;
  }

  #lookOf(look: CSSStyleDeclaration, parent: CSSStyleDeclaration | undefined): Look {
    const of = (name: string) => look.getPropertyValue(name);
    const list: [string, string][] = [['display', look.display]];
    list.push(...this.#changed(INHERITED, look, parent));
    for (const name of BOX) {
      if (WITH[name]?.every((other) => of(other) === 'none')) continue;
      const value = of(name);
      if (value !== '' && value !== this.#initial.get(name)) list.push([name, value]);
    }
    for (const side of SIDES)
      if (of(`border-${side}-style`) !== 'none' && of(`border-${side}-width`) !== '0px')
        list.push([
          `border-${side}`,
          `${of(`border-${side}-width`)} ${of(`border-${side}-style`)} ${of(`border-${side}-color`)}`,
        ]);
    return list;
  }

  /** What is otherwise than in the parent. */
  #changed(
    names: readonly string[],
    look: CSSStyleDeclaration,
    parent: CSSStyleDeclaration | undefined,
  ): [string, string][] {
    const [own, other] = [this.#values(names, look), parent && this.#values(names, parent)];
    return names.flatMap((name, i) =>
      own[i] !== '' && own[i] !== other?.[i] ? [[name, own[i]!] as [string, string]] : [],
    );
  }

  /** Read once: asking is what a still costs. */
  #values(names: readonly string[], look: CSSStyleDeclaration): readonly string[] {
    const read = this.#read.get(names) ?? new Map<CSSStyleDeclaration, readonly string[]>();
    this.#read.set(names, read);
    const values = read.get(look) ?? names.map((name) => look.getPropertyValue(name));
    read.set(look, values);
    return values;
  }

  /** Sizes as measured. A line that was not broken is not to be broken where letters are a little wider: on paper. */
  #sizesOf(element: HTMLElement, look: CSSStyleDeclaration, parent: CSSStyleDeclaration | undefined): Look {
    const { display, width, height } = look;
    if (display === 'contents') return [];
    const words = [...element.childNodes].some((n) => n instanceof Text && !BLANK.test(n.data));
    const line: Look =
      words && look.whiteSpace === 'normal' && linesOf(element) === 1 ? [['white-space', 'nowrap']] : [];
    if (display === 'table-row') return [['height', height]];
    if (display === 'inline' || /^table-(row-|column|header|footer)/.test(display)) return line;
    if (/^table/.test(display)) return [...line, ['width', width]];
    const loose = this.#loose.has(element);
    const grows = words || loose || display === 'list-item';
    const rows = look.gridTemplateRows;
    return [
      ...line,
      // What a button says stands in its middle.
      ...(element instanceof HTMLButtonElement && /block/.test(display) ? MIDDLE : []),
      ['width', width],
      [grows && !loose ? 'min-height' : 'height', loose ? 'auto' : height],
      ...(loose ? SHOWN : /auto|scroll/.test(look.overflow) ? CUT : []),
      // A row that holds what has become higher is as high as that.
      ...(loose && /grid/.test(display) && /px/.test(rows)
        ? ([['grid-template-rows', rows.replace(/[\d.]+px/g, 'auto')]] as const)
        : []),
      ...(parent && /flex/.test(parent.display) ? ([['flex', 'none']] as const) : []),
    ];
  }

  #shape(element: SVGElement, look: CSSStyleDeclaration, parent: CSSStyleDeclaration | undefined): Element {
    const copy = document.createElementNS(SVG, element.localName);
    for (const { name, value } of element.attributes)
      if (!OF_THE_PAGE.test(name)) copy.setAttribute(name, value);
    const outermost = element.parentElement?.namespaceURI !== SVG;
    const style: (readonly [string, string])[] = [];
    if (outermost) {
      style.push(...this.#lookOf(look, parent), ['width', look.width], ['height', look.height]);
      if (parent && /flex/.test(parent.display)) style.push(['flex', 'none']);
    } else if (look.transform !== 'none' && !element.hasAttribute('transform')) {
      style.push(['transform', look.transform], ['transform-origin', look.transformOrigin]);
      style.push(['transform-box', look.getPropertyValue('transform-box')]);
    }
    style.push(...this.#changed(DRAWN, look, outermost ? undefined : parent));
    for (const [name, initial] of Object.entries(OWN)) {
      const value = look.getPropertyValue(name);
      if (value !== '' && value !== initial) style.push([name, value]);
    }
    if (!outermost)
      for (const name of MEASURES) {
        const value = look.getPropertyValue(name);
        if (!element.hasAttribute(name) && value !== '' && value !== 'auto' && value !== '0px')
          style.push([name, value]);
      }
    styled(copy, style);
    for (const child of element.childNodes) {
      const made = this.#child(child, look);
      if (made) copy.append(made);
    }
    return copy;
  }
}

function styled<E extends HTMLElement | SVGElement>(element: E, look: Look): E {
  element.setAttribute('style', look.map(([name, value]) => `${name}:${value}`).join(';'));
  return element;
}

/** A box that is ticked, or is not. */
function tick(checked: boolean): HTMLElement {
  const box = document.createElement('div');
  box.style.cssText = 'display:inline;font-family:sans-serif';
  box.textContent = checked ? '☑ ' : '☐ ';
  return box;
}

/** Read aloud, seen by nobody: words for screen readers, the formulas' second form. */
function unseen(element: HTMLElement, look: CSSStyleDeclaration): boolean {
  if (look.position !== 'absolute') return false;
  const clipped = look.clipPath === 'inset(50%)' || look.clip === 'rect(1px, 1px, 1px, 1px)';
  return clipped && element.offsetWidth <= 1 && element.offsetHeight <= 1;
}

/** Lines of text of an element, over all that is written in it. */
function linesOf(element: HTMLElement): number {
  const range = document.createRange();
  range.selectNodeContents(element);
  const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
  const first = boxes[0];
  // What stands higher or lower by less than its height is of the same line: indices, formulas.
  return !first || boxes.every((b) => b.top < first.bottom && b.bottom > first.top) ? 1 : 2;
}

/** What properties are where no style says anything. */
function initialValues(): ReadonlyMap<string, string> {
  const bare = document.createElement('div');
  bare.style.all = 'initial';
  bare.style.display = 'block';
  document.body.append(bare);
  const look = getComputedStyle(bare);
  const values = new Map(BOX.map((name) => [name, look.getPropertyValue(name)] as const));
  bare.remove();
  // Used values: what these are where nothing is set depends on the element.
  for (const name of ['top', 'right', 'bottom', 'left'] as const) values.set(name, 'auto');
  // Style sheets of pages tend to set this for everything: it is always said.
  values.delete('box-sizing');
  values.delete('transform-origin');
  return values;
}
