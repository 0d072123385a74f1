/**
 * Markup that a cell made, as elements that can do nothing but be seen: only known elements and attributes are taken
 * over, one by one, into new ones. No script, no handler, no address outside the drawing itself, no embedded page.
 */

const HTML_NS = 'http://www.w3.org/1999/xhtml';
const SVG_NS = 'http://www.w3.org/2000/svg';
const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const HTML_ELEMENTS = words(
  'a abbr article aside b blockquote br caption code col colgroup dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s samp section small span strong style sub summary sup table tbody td tfoot th thead time tr u ul var wbr',
);
const SVG_ELEMENTS = words(
  'a circle clippath defs desc ellipse g image line lineargradient marker mask path pattern polygon polyline radialgradient rect stop style svg symbol text textpath title tspan use',
);
const ATTRIBUTES = words(
  'alt class clip-path clip-rule colspan cx cy d direction dominant-baseline dx dy fill fill-opacity fill-rule font-family font-size font-style font-variant font-weight fx fy gradienttransform gradientunits height href id image-rendering in lang letter-spacing markerheight markerunits markerwidth marker-end marker-mid marker-start mask mask-type mix-blend-mode offset opacity open orient paint-order patterncontentunits patterntransform patternunits clippathunits maskunits maskcontentunits points preserveaspectratio r refx refy role rotate rowspan rx ry scope shape-rendering src start startoffset stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style tabindex text-anchor text-decoration textlength title transform transform-origin vector-effect viewbox visibility width word-spacing writing-mode x x1 x2 xlink:href y y1 y2',
);
const PICTURE = /^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*$/;

/** A style without addresses, imports, other files' fonts and escapes that could hide one. */
function safeStyle(text: string): string {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, '');
  return /[\\<@]|expression|url\(\s*(?!["']?#)|image-set|src\(|-moz-binding|behavior/i.test(plain)
    ? ''
    : plain;
}

function safeAttribute(name: string, value: string, element: string): string | undefined {
  if (!ATTRIBUTES.has(name) && !/^(aria|data)-[\w-]+$/.test(name)) return undefined;
  if (name === 'style') return safeStyle(value) || undefined;
  if (name === 'src') return element === 'img' && PICTURE.test(value) ? value : undefined;
  if (name === 'href' || name === 'xlink:href') {
    if (value.startsWith('#')) return value;
    return element === 'image' && PICTURE.test(value) ? value : undefined;
  }
  // `fill="url(#gradient)"` stays, any other address goes.
  return /url\(\s*(?!["']?#)/i.test(value) ? undefined : value;
}

function copy(node: Node, into: Node, budget: { left: number }): void {
  if (budget.left-- <= 0) return;
  if (node.nodeType === Node.TEXT_NODE)
    return void into.appendChild(document.createTextNode(node.textContent ?? ''));
  if (!(node instanceof Element)) return;
  const name = node.localName.toLowerCase();
  const known =
    node.namespaceURI === SVG_NS
      ? SVG_ELEMENTS.has(name)
      : node.namespaceURI === HTML_NS && HTML_ELEMENTS.has(name);
  // What is unknown goes with all that is in it: a script's text is no text.
  if (!known) return;
  const made = document.createElementNS(node.namespaceURI, node.localName);
  if (name === 'style') made.textContent = safeStyle(node.textContent ?? '');
  for (const { name: attribute, value, namespaceURI } of node.attributes) {
    const safe = safeAttribute(attribute.toLowerCase(), value, name);
    if (safe !== undefined) made.setAttributeNS(namespaceURI, attribute, safe);
  }
  if (name !== 'style') for (const child of node.childNodes) copy(child, made, budget);
  into.appendChild(made);
}

/** Most nodes of one drawing. */
const MOST_NODES = 60_000;

/** A fragment that is safe to be put into the page; the text is read by the browser's own parser, which runs nothing. */
export function sanitised(kind: 'html' | 'svg', text: string): DocumentFragment {
  const whole = kind === 'svg' && !/^\s*<svg[\s>]/i.test(text) ? `<svg>${text}</svg>` : text;
  const read = new DOMParser().parseFromString(`<!doctype html><body>${whole}`, 'text/html');
  const fragment = document.createDocumentFragment();
  const budget = { left: MOST_NODES };
  for (const child of read.body.childNodes) copy(child, fragment, budget);
  return fragment;
}
