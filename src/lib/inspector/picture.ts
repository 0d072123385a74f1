import { saveBlob } from '#lib/ui/save.ts';
import type { Drawing } from './layout.ts';

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

/** A drawing of the page as a file of its own: whole, at its own size, colours and typefaces written into it. */
export function svgText(svg: SVGSVGElement, drawing: Pick<Drawing, 'width' | 'height'>): string {
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
  const { width, height } = { width: Math.ceil(drawing.width), height: Math.ceil(drawing.height) };
  copy.firstElementChild?.removeAttribute('transform');
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  copy.removeAttribute('class');
  copy.setAttribute('style', `background:${getComputedStyle(document.documentElement).backgroundColor}`);
  return new XMLSerializer().serializeToString(copy).replace(/<!--.*?-->/gs, '');
}

/** Saves bytes or text as a file of the reader's. */
export function save(content: BlobPart, name: string, type = 'application/octet-stream'): void {
  saveBlob(new Blob([content], { type }), name);
}

/** The longest side of a picture a browser surely draws. */
const MOST_PIXELS = 8192;

/** Saves a drawing as SVG, or as PNG with two pixels for one where that is not too large. */
export async function saveDrawing(
  svg: SVGSVGElement,
  drawing: Pick<Drawing, 'width' | 'height'>,
  name: string,
  kind: 'svg' | 'png',
): Promise<void> {
  const text = svgText(svg, drawing);
  if (kind === 'svg') return save(text, `${name}.svg`, 'image/svg+xml');
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const scale = Math.min(2, MOST_PIXELS / Math.max(drawing.width, drawing.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(drawing.width * scale);
  canvas.height = Math.round(drawing.height * scale);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob) save(blob, `${name}.png`, 'image/png');
}
