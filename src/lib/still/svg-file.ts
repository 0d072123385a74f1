import { pngFile, type Caption } from './figure-file.ts';
import { fontRules } from './fonts.ts';
import { wrapped } from './wrap.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** Pixels: the margin around drawing and caption, and what a caption is given at the least. */
const [MARGIN, LEAST_WIDTH] = [24, 420];
/** Pixels of a PNG file for one of the page. */
const DENSITY = 2;

/** Properties that make up the look of a drawing. */
const LOOK = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'letter-spacing',
  'text-anchor',
] as const;

/** The size at which a drawing is saved, in its own units. */
export interface DrawnSize {
  readonly width: number;
  readonly height: number;
}

/** A copy of a drawing of the page: whole, at its own size, without what only the page needs, its look written into it. */
function copyOf(svg: SVGSVGElement, { width, height }: DrawnSize): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const before = [...svg.querySelectorAll('*')];
  const after = [...copy.querySelectorAll('*')];
  before.forEach((element, i) => {
    const target = after[i] as SVGElement | undefined;
    if (!target) return;
    const look = getComputedStyle(element);
    target.removeAttribute('class');
    target.removeAttribute('tabindex');
    target.removeAttribute('role');
    for (const attribute of [...target.attributes])
      if (/^(aria-|data-)/.test(attribute.name)) target.removeAttribute(attribute.name);
    target.setAttribute('style', LOOK.map((name) => `${name}:${look.getPropertyValue(name)}`).join(';'));
  });
  copy.firstElementChild?.removeAttribute('transform');
  for (const attribute of [...copy.attributes]) copy.removeAttribute(attribute.name);
  const place = { x: MARGIN, y: MARGIN, width, height, viewBox: `0 0 ${width} ${height}` };
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(value));
  return copy;
}

/** A line of a drawing, by its colour. */
export interface KeyEntry {
  readonly text: string;
  /** A CSS colour, `var(--…)` too. */
  readonly colour: string;
}

interface Line {
  readonly text: string;
  /** What is named by it has this colour. */
  readonly swatch?: string;
  readonly size: number;
  readonly weight: number;
  readonly colour: string;
  /** Pixels between it and what stands above it. */
  readonly above: number;
  readonly href?: string;
}

/** The lines of a caption, no wider than `most` pixels. */
function linesOf(
  { title, lines, credit, link }: Caption,
  key: readonly KeyEntry[],
  most: number,
  families: string,
): Line[] {
  const root = getComputedStyle(document.documentElement);
  const colour = (name: string) => root.getPropertyValue(`--${name}`).trim();
  const context = document.createElement('canvas').getContext('2d');
  const paragraph = (text: string, look: Omit<Line, 'text' | 'above'>, above: number): Line[] => {
    if (context) context.font = `${look.weight} ${look.size}px ${families}`;
    return wrapped(text, most, (t) => context?.measureText(t).width ?? 0).map((part, i) => ({
      ...look,
      text: part,
      above: i === 0 ? above : 0,
    }));
  };
  const [ink, faint] = [colour('ink'), colour('ink-2')];
  const resolved = (css: string) => css.replace(/var\(--([\w-]+)\)/g, (_, name: string) => colour(name));
  return [
    ...key.map(({ text, colour: of }, i) => ({
      ...{ text, swatch: resolved(of), size: 13, weight: 450, colour: ink, above: i === 0 ? 8 : 0 },
    })),
    ...paragraph(title, { size: 14, weight: 650, colour: ink }, 14),
    ...lines.flatMap((text) => paragraph(text, { size: 14, weight: 450, colour: ink }, 0)),
    ...(credit ? paragraph(credit, { size: 12, weight: 450, colour: faint }, 4) : []),
    ...paragraph(link, { size: 12, weight: 450, colour: colour('accent'), href: link }, 4),
  ];
}

/**
 * A drawing of the page as a file of its own, with its caption below: lines and words throughout, so that any program can
 * change it. The page's colours and typefaces are in it.
 * @param svg stands in the document
 * @param size the size it is saved at: the whole drawing, where the page shows a part of it
 * @param key what the colours of its lines mean, where the page says that beside it
 */
async function captioned(
  svg: SVGSVGElement,
  size: DrawnSize,
  caption: Caption,
  key: readonly KeyEntry[],
): Promise<{ svg: string; width: number; height: number }> {
  const root = getComputedStyle(document.documentElement);
  const families = root.getPropertyValue('--sans').trim();
  const drawn = { width: Math.ceil(size.width), height: Math.ceil(size.height) };
  const wide = Math.max(drawn.width, LEAST_WIDTH);
  const file = document.createElementNS(SVG, 'svg');
  const add = (parent: Element, name: string, attributes: Readonly<Record<string, string | number>>) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    parent.append(element);
    return element;
  };
  add(file, 'title', {}).textContent = caption.title;
  const said = [...caption.lines, ...(caption.credit ? [caption.credit] : []), caption.link];
  add(file, 'desc', {}).textContent = said.join('\n');
  const style = add(file, 'style', {});
  add(file, 'rect', { width: '100%', height: '100%', fill: root.backgroundColor });
  file.append(copyOf(svg, drawn));
  let y = MARGIN + drawn.height;
  for (const line of linesOf(caption, key, wide, families)) {
    const { text, size: letters, weight, colour, swatch, href } = line;
    y += line.above + 1.5 * letters;
    if (swatch) add(file, 'rect', { x: MARGIN, y: y - 0.8 * letters, width: 16, height: 3, fill: swatch });
    const parent = href === undefined ? file : add(file, 'a', { href });
    const look = { 'font-family': families, 'font-size': letters, 'font-weight': weight, fill: colour };
    add(parent, 'text', { x: swatch ? MARGIN + 24 : MARGIN, y: y - 0.4 * letters, ...look }).textContent =
      text;
  }
  const [width, height] = [wide + 2 * MARGIN, Math.ceil(y) + MARGIN];
  for (const [name, value] of Object.entries({
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    lang: caption.lang,
  }))
    file.setAttribute(name, String(value));
  // Which typefaces it needs is known only of what stands in the document.
  file.style.cssText = 'position:absolute;left:-99999px;top:0';
  document.body.append(file);
  style.textContent = await fontRules(file);
  file.remove();
  file.removeAttribute('style');
  return { svg: new XMLSerializer().serializeToString(file).replace(/<!--.*?-->/gs, ''), width, height };
}

/**
 * The file of a drawing with its caption, as SVG or as PNG with two pixels for one where that is not too large.
 * @throws Error when the browser makes no picture of it
 */
export async function svgFigureFile(
  svg: SVGSVGElement,
  size: DrawnSize,
  caption: Caption,
  kind: 'svg' | 'png',
  key: readonly KeyEntry[] = [],
): Promise<Blob> {
  const drawing = await captioned(svg, size, caption, key);
  return kind === 'svg'
    ? new Blob([drawing.svg], { type: 'image/svg+xml' })
    : pngFile(drawing, caption, DENSITY);
}
