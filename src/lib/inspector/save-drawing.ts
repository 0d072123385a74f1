import { MARKS, type Lang } from '#lib/base/lang.ts';
import { addressOf } from '#lib/notebook/address.ts';
import type { Caption } from '#lib/still/figure-file.ts';
import type { DrawnSize, KeyEntry } from '#lib/still/svg-file.ts';
import { saveBlob } from '#lib/ui/save.ts';
import type { Inspector } from './inspector.svelte.ts';

/** A drawing of the inspector, as it goes home. */
export interface SavedDrawing {
  readonly svg: SVGSVGElement;
  readonly size: DrawnSize;
  /** What it shows. */
  readonly title: string;
  /** Name of the file, without its ending. */
  readonly name: string;
  readonly key?: readonly KeyEntry[];
}

const TEXT = { en: 'Patchwork · Inspector', zh: 'Patchwork · 检视器' } as const;

/** What is said under a drawing of the inspector: the model, its configuration where it was changed, and the link. */
function captionOf(inspector: Inspector, title: string, lang: Lang): Caption {
  const { source, patch, state, link } = inspector;
  const colon = MARKS[lang].colon;
  const changed = Object.entries({ ...(patch !== undefined && { patch }), ...state.c });
  const settings = changed.map(([name, value]) => `${name} ${String(value)}`).join(', ');
  return {
    title: `${TEXT[lang]}${colon}${source.name}`,
    lines: [title, ...(settings ? [settings] : [])],
    link: addressOf(link),
    lang: lang === 'zh' ? 'zh-CN' : 'en',
  };
}

/**
 * Saves a drawing with its caption as SVG or PNG. What makes the file is fetched when it is asked for.
 * @returns whether it was saved; not, where the browser makes no picture of it (`NOT_SAVED` says so)
 */
export async function saveDrawing(
  inspector: Inspector,
  { svg, size, title, name, key }: SavedDrawing,
  lang: Lang,
  kind: 'svg' | 'png',
): Promise<boolean> {
  try {
    const { svgFigureFile } = await import('#lib/still/svg-file.ts');
    const file = await svgFigureFile(svg, size, captionOf(inspector, title, lang), kind, key);
    saveBlob(file, `${name}.${kind}`);
    return true;
  } catch {
    return false;
  }
}
