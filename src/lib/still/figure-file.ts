import { dataUrl, fontRules } from './fonts.ts';
import { withText } from './png.ts';
import { trim } from './trim.ts';

/** What stands under a figure that leaves the page, and in its file. */
export interface Caption {
  /** Lesson and step. */
  readonly title: string;
  /** The view and its settings, one line each. */
  readonly lines: readonly string[];
  /** Whose picture it shows, and under which licence. */
  readonly credit?: string | undefined;
  /** Address that opens this view. */
  readonly link: string;
  /** Language of the words, as `lang` has it. */
  readonly lang: string;
}

const SVG = 'http://www.w3.org/2000/svg';
const XHTML = 'http://www.w3.org/1999/xhtml';
/** Pixels of the margin around figure and caption. */
const MARGIN = 24;
/** Milliseconds between two looks at a drawing whose typefaces are awaited, and how long they are awaited at the most. */
const [LOOK, USUAL_WAIT, MOST_WAIT] = [60, 600, 3000];
/** The longest side of a picture that a browser surely draws. */
const MOST_PIXELS = 8192;

/** A figure as a drawing: its markup, and its size in CSS pixels. */
export interface FigureDrawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/**
 * A still with its caption as an SVG file that needs nothing else: pictures, pixels and typefaces are in it. The page's
 * own colours are kept, paper and caption included, since canvases are drawn in them: a figure saved on a dark page is
 * dark.
 *
 * The still is HTML inside the drawing, which browsers show; programs that do not know HTML in a drawing take `instead`,
 * a picture of the same, because the two are the branches of a `switch`.
 * @throws Error when a picture in it can't be read
 */
export async function drawingOf(
  still: HTMLElement,
  caption: Caption,
  instead?: string,
): Promise<FigureDrawing> {
  const figure = await framed(still, caption);
  // It is laid out in the document: only there is known how high the caption is, and in which typefaces it stands.
  figure.style.cssText += ';position:absolute;left:-99999px;top:0';
  document.body.append(figure);
  try {
    trim(figure.firstElementChild as HTMLElement);
    const { width, height } = figure.getBoundingClientRect();
    const rules = await fontRules(figure);
    figure.style.position = 'static';
    return {
      svg: svgOf(figure, caption, { width, height }, rules, instead),
      width: Math.ceil(width),
      height: Math.ceil(height),
    };
  } finally {
    figure.remove();
  }
}

/** The same as a PNG file, with `density` pixels for one of the page where that is not too large. */
export async function pngOf({ svg, width, height }: FigureDrawing, density: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(density, MOST_PIXELS / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  if (svg.includes('@font-face')) await typefacesOf(image);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('the browser made no picture');
  return blob;
}

/**
 * Waits for the typefaces in a drawing. A browser unpacks them only when it draws it for the first time, and draws with
 * others until then; nothing tells when they are there but the drawing, which changes.
 */
async function typefacesOf(image: HTMLImageElement): Promise<void> {
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const seen = (): number => {
    context?.clearRect(0, 0, canvas.width, canvas.height);
    context?.drawImage(image, 0, 0);
    const pixels = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let sum = 0;
    for (let i = 0; i < pixels.length; i += 4) sum = (31 * sum + pixels[i]!) | 0;
    return sum;
  };
  let last = seen();
  let changed = false;
  // One that was drawn before has them already and does not change.
  for (let waited = 0; waited < (changed ? MOST_WAIT : USUAL_WAIT); waited += LOOK) {
    await new Promise((done) => setTimeout(done, LOOK));
    const now = seen();
    if (changed && now === last) return;
    changed ||= now !== last;
    last = now;
  }
}

/** A figure's PNG file, which says in words what it shows and where it was taken. */
export async function pngFile(drawing: FigureDrawing, caption: Caption, density: number): Promise<Blob> {
  const blob = await pngOf(drawing, density);
  const bytes = withText(new Uint8Array(await blob.arrayBuffer()), [
    ['Title', caption.title],
    ['Description', caption.lines.join('\n')],
    ...(caption.credit ? ([['Copyright', caption.credit]] as const) : []),
    ['Source', caption.link],
  ]);
  return new Blob([bytes], { type: 'image/png' });
}

/** A figure's SVG file. */
export async function svgFile(still: HTMLElement, caption: Caption): Promise<Blob> {
  const picture = await pngOf(await drawingOf(still, caption), 2);
  const address = URL.createObjectURL(picture);
  try {
    const { svg } = await drawingOf(still, caption, await dataUrl(address));
    return new Blob([svg], { type: 'image/svg+xml' });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The still on its paper, the caption below. */
async function framed(still: HTMLElement, caption: Caption): Promise<HTMLElement> {
  const root = getComputedStyle(document.documentElement);
  const colour = (name: string) => root.getPropertyValue(`--${name}`).trim();
  const figure = document.createElement('div');
  figure.lang = caption.lang;
  figure.style.cssText = `box-sizing:border-box;display:block;width:max-content;padding:${MARGIN}px;background:${colour('paper')};color:${colour('ink')}`;
  const copy = still.cloneNode(true) as HTMLElement;
  const canvases = copy.querySelectorAll('canvas');
  still.querySelectorAll('canvas').forEach((canvas, i) => {
    const image = document.createElement('img');
    image.src = canvas.toDataURL('image/png');
    image.setAttribute('style', canvas.getAttribute('style') ?? '');
    canvases[i]?.replaceWith(image);
  });
  for (const image of copy.querySelectorAll('img'))
    if (!image.src.startsWith('data:')) image.src = await dataUrl(image.src);
  const words = document.createElement('div');
  words.style.cssText = `width:0;min-width:100%;margin-top:14px;font:450 14px/1.5 ${root.getPropertyValue('--sans')};overflow-wrap:anywhere`;
  const line = (text: string, style: string) => {
    const div = document.createElement('div');
    div.textContent = text;
    div.style.cssText = style;
    words.append(div);
    return div;
  };
  line(caption.title, 'font-weight:650');
  for (const text of caption.lines) line(text, '');
  if (caption.credit) line(caption.credit, `margin-top:4px;font-size:12px;color:${colour('ink-2')}`);
  const link = document.createElement('a');
  link.href = link.textContent = caption.link;
  link.style.cssText = `color:${colour('accent')};text-decoration:none`;
  line('', 'margin-top:4px;font-size:12px').append(link);
  figure.append(copy, words);
  return figure;
}

function svgOf(
  figure: HTMLElement,
  caption: Caption,
  size: { readonly width: number; readonly height: number },
  rules: string,
  instead: string | undefined,
): string {
  const [width, height] = [Math.ceil(size.width), Math.ceil(size.height)].map(String) as [string, string];
  const svg = document.createElementNS(SVG, 'svg');
  const add = (
    parent: Element,
    name: string,
    attributes: Readonly<Record<string, string>> = {},
    text = '',
  ) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  for (const [key, value] of Object.entries({
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    lang: caption.lang,
  }))
    svg.setAttribute(key, value);
  add(svg, 'title', {}, caption.title);
  add(
    svg,
    'desc',
    {},
    [...caption.lines, ...(caption.credit ? [caption.credit] : []), caption.link].join('\n'),
  );
  if (rules) add(svg, 'style', {}, rules);
  const branches = instead ? add(svg, 'switch') : svg;
  const html = add(branches, 'foreignObject', {
    width,
    height,
    ...(instead && { requiredExtensions: XHTML }),
  });
  html.append(figure.cloneNode(true));
  if (instead) add(branches, 'image', { width, height, href: instead });
  return new XMLSerializer().serializeToString(svg);
}
