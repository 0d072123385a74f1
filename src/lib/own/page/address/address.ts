import type { Text } from '#lib/base/lang.ts';

/** The one host beside its own that the page may fetch from; the content security policy names it (svelte.config.js). */
export const HUB = 'https://huggingface.co';

/** What a reader's address names. */
export type Named =
  /** A model of Hugging Face's Hub: of a whole one the usual files are looked for, or one file is named. */
  | {
      readonly kind: 'hub';
      readonly id: string;
      readonly revision: string;
      readonly file: string | undefined;
    }
  /** A file of this site's own origin. */
  | { readonly kind: 'own'; readonly url: string }
  /** Anything else, with the reason why it is not fetched. */
  | { readonly kind: 'refused'; readonly why: Text };

const ID = /^[\w.-]{1,96}\/[\w.-]{1,96}$/;
const refused = (en: string, zh: string): Named => ({ kind: 'refused', why: { en, zh } });

/**
 * Reads what a reader typed: `owner/name`, an address of the Hub (a model's page, a file's page or its download), or an
 * address of this origin.
 * @param origin the page's own
 */
export function namedBy(raw: string, origin: string): Named {
  const text = raw.trim();
  if (ID.test(text)) return { kind: 'hub', id: text, revision: 'main', file: undefined };
  const spelled = /^(huggingface\.co|hf\.co)\//i.test(text) ? `https://${text}` : text;
  let url: URL;
  try {
    url = new URL(spelled);
  } catch {
    return refused(
      'this is neither an id of the form owner/name nor an address that begins with https://',
      '这既不是 owner/name 形式的编号，也不是以 https:// 开头的地址',
    );
  }
  if (url.origin === origin) return { kind: 'own', url: url.href };
  if (!/^(huggingface\.co|hf\.co)$/i.test(url.hostname) || url.protocol !== 'https:')
    return refused(
      `the page may fetch from Hugging Face alone, so ${url.host || url.protocol} is not asked: nothing that is opened here can be sent elsewhere. Download the file with the browser, and choose it here`,
      `本页只允许从 Hugging Face 下载，所以不会访问 ${url.host || url.protocol}：这样，在这里打开的东西不会被发到别处。请先用浏览器下载文件，再在这里选择它`,
    );
  const parts = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const id = parts.slice(0, 2).join('/');
  if (!ID.test(id) || /^(datasets|spaces|docs|papers|collections|api)$/.test(parts[0] ?? ''))
    return refused(
      'this address of Hugging Face is not a model’s; a model’s is huggingface.co/owner/name',
      '这个 Hugging Face 地址不是模型的地址；模型的地址是 huggingface.co/owner/name',
    );
  const [, , what, revision = 'main', ...path] = parts;
  const file = (what === 'resolve' || what === 'blob') && path.length > 0 ? path.join('/') : undefined;
  return { kind: 'hub', id, revision: what === undefined ? 'main' : revision, file };
}

/** The address of a file of a model on the Hub. */
export const hubFile = (id: string, revision: string, file: string): string =>
  `${HUB}/${id}/resolve/${encodeURIComponent(revision)}/${file.split('/').map(encodeURIComponent).join('/')}`;
