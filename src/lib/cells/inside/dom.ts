/**
 * As much of a document as Plot and D3 need to draw: elements with attributes, styles and children that say themselves
 * as text. It draws nothing, knows no page and fires no events; what it says is sanitised by the page that shows it.
 */
import { Canvas } from './canvas.ts';

const HTML = 'http://www.w3.org/1999/xhtml';
const SVG = 'http://www.w3.org/2000/svg';
const VOID = new Set(['br', 'hr', 'img', 'input', 'col', 'wbr']);

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
const kebab = (name: string) =>
  name.startsWith('--') ? name : name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/** Anything in the tree. */
export abstract class LightNode {
  parentNode: LightElement | null = null;
  readonly ownerDocument: LightDocument;
  abstract readonly nodeType: number;
  constructor(owner: LightDocument) {
    this.ownerDocument = owner;
  }
  abstract get textContent(): string;
  /** The node as text of HTML or SVG. */
  abstract toString(): string;
  abstract cloneNode(deep?: boolean): LightNode;
  get parentElement() {
    return this.parentNode;
  }
  get isConnected() {
    return false;
  }
  get nextSibling(): LightNode | null {
    const all = this.parentNode?.childNodes ?? [];
    return all[all.indexOf(this) + 1] ?? null;
  }
  get previousSibling(): LightNode | null {
    const all = this.parentNode?.childNodes ?? [];
    return all[all.indexOf(this) - 1] ?? null;
  }
  /** 4 (DOCUMENT_POSITION_FOLLOWING) where the other comes after this one in the same tree, else 2. */
  compareDocumentPosition(other: LightNode): number {
    const way = (node: LightNode): LightNode[] => [...(node.parentNode ? way(node.parentNode) : []), node];
    const [mine, its] = [way(this), way(other)];
    const fork = mine.findIndex((node, i) => node !== its[i]);
    if (fork < 0) return 4;
    const all = mine[fork - 1] instanceof LightElement ? (mine[fork - 1] as LightElement).childNodes : [];
    return all.findIndex((node) => node === mine[fork]) < all.findIndex((node) => node === its[fork]) ? 4 : 2;
  }
  remove(): void {
    this.parentNode?.removeChild(this);
  }
  addEventListener(): void {}
  removeEventListener(): void {}
  dispatchEvent(): boolean {
    return true;
  }
}

export class LightText extends LightNode {
  readonly nodeType = 3;
  data: string;
  constructor(owner: LightDocument, data: string) {
    super(owner);
    this.data = data;
  }
  get textContent() {
    return this.data;
  }
  set textContent(text: string) {
    this.data = text;
  }
  cloneNode() {
    return new LightText(this.ownerDocument, this.data);
  }
  override toString() {
    return escaped(this.data);
  }
}

/** `element.style`: `style.setProperty('max-width', …)` and `style.maxWidth = …` both write the attribute. */
function styleOf(): CSSStyles {
  const set = new Map<string, string>();
  const base = {
    setProperty: (name: string, value: unknown) => void set.set(kebab(name), String(value)),
    removeProperty: (name: string) => void set.delete(kebab(name)),
    getPropertyValue: (name: string) => set.get(kebab(name)) ?? '',
    toString: () => [...set].map(([name, value]) => `${name}: ${value}`).join('; '),
  };
  return new Proxy<CSSStyles>(base, {
    get: (of, name) =>
      typeof name === 'string' && !(name in of) ? (set.get(kebab(name)) ?? '') : Reflect.get(of, name),
    set(_, name, value) {
      if (typeof name === 'string') {
        if (value === null || value === '') set.delete(kebab(name));
        else set.set(kebab(name), String(value));
      }
      return true;
    },
  });
}
interface CSSStyles {
  setProperty(name: string, value: unknown): void;
  removeProperty(name: string): void;
  getPropertyValue(name: string): string;
  toString(): string;
  [property: string]: unknown;
}

export class LightElement extends LightNode {
  readonly nodeType = 1;
  readonly localName: string;
  readonly namespaceURI: string;
  readonly childNodes: LightNode[] = [];
  readonly style = styleOf();
  readonly #attributes = new Map<string, string>();

  constructor(owner: LightDocument, namespace: string, name: string) {
    super(owner);
    this.namespaceURI = namespace;
    this.localName = name;
  }
  get nodeName() {
    return this.namespaceURI === HTML ? this.localName.toUpperCase() : this.localName;
  }
  get tagName() {
    return this.nodeName;
  }
  get className() {
    return this.getAttribute('class') ?? '';
  }
  set className(name: string) {
    this.setAttribute('class', name);
  }
  get id() {
    return this.getAttribute('id') ?? '';
  }
  set id(id: string) {
    this.setAttribute('id', id);
  }
  get children() {
    return this.childNodes.filter((node) => node instanceof LightElement);
  }
  get firstChild() {
    return this.childNodes[0] ?? null;
  }
  get lastChild() {
    return this.childNodes.at(-1) ?? null;
  }
  getAttribute(name: string) {
    return name === 'style' ? String(this.style) || null : (this.#attributes.get(name) ?? null);
  }
  getAttributeNS(_: string | null, name: string) {
    return this.getAttribute(name);
  }
  hasAttribute(name: string) {
    return this.getAttribute(name) !== null;
  }
  setAttribute(name: string, value: unknown) {
    if (name !== 'style') this.#attributes.set(name, String(value));
    else
      for (const rule of String(value).split(';')) {
        const [property = '', ...rest] = rule.split(':');
        if (rest.length > 0) this.style.setProperty(property.trim(), rest.join(':').trim());
      }
  }
  setAttributeNS(_: string | null, name: string, value: unknown) {
    this.setAttribute(name, value);
  }
  removeAttribute(name: string) {
    this.#attributes.delete(name);
  }
  removeAttributeNS(_: string | null, name: string) {
    this.removeAttribute(name);
  }
  appendChild<T extends LightNode>(child: T): T {
    return this.insertBefore(child, null);
  }
  insertBefore<T extends LightNode>(child: T, before: LightNode | null): T {
    if ((child as LightNode) === this || this.#isIn(child))
      throw new Error('An element cannot be put into itself.');
    child.remove();
    const at = before ? this.childNodes.indexOf(before) : -1;
    this.childNodes.splice(at < 0 ? this.childNodes.length : at, 0, child);
    child.parentNode = this;
    return child;
  }
  removeChild<T extends LightNode>(child: T): T {
    const at = this.childNodes.indexOf(child);
    if (at >= 0) this.childNodes.splice(at, 1);
    child.parentNode = null;
    return child;
  }
  append(...children: unknown[]) {
    for (const child of children)
      this.appendChild(child instanceof LightNode ? child : this.ownerDocument.createTextNode(String(child)));
  }
  replaceChildren(...children: unknown[]) {
    for (const child of [...this.childNodes]) child.remove();
    this.append(...children);
  }
  get textContent(): string {
    return this.childNodes.map((child) => child.textContent).join('');
  }
  set textContent(text: unknown) {
    this.replaceChildren(...(text === null || text === '' ? [] : [text]));
  }
  /** By the name of an element alone: `g`. */
  querySelector(name: string): LightElement | null {
    return this.querySelectorAll(name)[0] ?? null;
  }
  querySelectorAll(name: string): LightElement[] {
    return this.children.flatMap((child) => [
      ...(name === '*' || child.localName === name ? [child] : []),
      ...child.querySelectorAll(name),
    ]);
  }
  matches(name: string) {
    return this.localName === name;
  }
  cloneNode(deep = false): LightElement {
    const copy = this.ownerDocument.createElementNS(this.namespaceURI, this.localName);
    for (const [name, value] of this.#attributes) copy.setAttribute(name, value);
    copy.setAttribute('style', String(this.style));
    if (deep) for (const child of this.childNodes) copy.appendChild(child.cloneNode(true));
    return copy;
  }
  get outerHTML() {
    return this.toString();
  }
  override toString(): string {
    const style = String(this.style);
    const all = [...this.#attributes, ...(style ? [['style', style] as const] : [])];
    const attributes = all.map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
    if (this.namespaceURI === HTML && VOID.has(this.localName)) return `<${this.localName}${attributes}>`;
    // The text of a style is no markup; it must not end its element.
    const inside =
      this.localName === 'style'
        ? this.textContent.replaceAll('<', '')
        : this.childNodes.map(String).join('');
    return `<${this.localName}${attributes}>${inside}</${this.localName}>`;
  }
  #isIn(other: LightNode): boolean {
    for (let node: LightElement | null = this.parentNode; node; node = node.parentNode)
      if (node === other) return true;
    return false;
  }
}

class LightEvent {
  readonly type: string;
  constructor(type: string) {
    this.type = type;
  }
}

export class LightDocument {
  readonly documentElement: LightElement;
  readonly body: LightElement;
  readonly defaultView = { Event: LightEvent };
  constructor() {
    this.documentElement = new LightElement(this, HTML, 'html');
    this.body = new LightElement(this, HTML, 'body');
  }
  createElement(name: string): LightElement {
    return name === 'canvas' ? new LightCanvas(this) : new LightElement(this, HTML, name.toLowerCase());
  }
  createElementNS(namespace: string | null, name: string): LightElement {
    return namespace === HTML ? this.createElement(name) : new LightElement(this, namespace ?? SVG, name);
  }
  createTextNode(text: unknown): LightText {
    return new LightText(this, String(text));
  }
  querySelector() {
    return null;
  }
  querySelectorAll() {
    return [];
  }
}

/** A canvas for pixels and rectangles, which shows itself as a picture. */
class LightCanvas extends LightElement {
  readonly #canvas = new Canvas();
  constructor(owner: LightDocument) {
    super(owner, HTML, 'canvas');
  }
  get width() {
    return this.#canvas.width;
  }
  set width(value: number) {
    this.#canvas.resize(value, this.#canvas.height);
  }
  get height() {
    return this.#canvas.height;
  }
  set height(value: number) {
    this.#canvas.resize(this.#canvas.width, value);
  }
  getContext() {
    return this.#canvas;
  }
  toDataURL() {
    return this.#canvas.toDataURL();
  }
  override toString() {
    return `<img width="${this.width}" height="${this.height}" src="${this.toDataURL()}" alt="">`;
  }
}
