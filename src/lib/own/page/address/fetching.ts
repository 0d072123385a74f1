import { Fault } from '#lib/base/errors.ts';
import type { Text } from '#lib/base/lang.ts';
import { WeightsError } from '#lib/weights/source.ts';
import { checkSize } from '../../reading/bytes.ts';
import { hubFile, type Named } from './address.ts';

export interface Watching {
  readonly signal: AbortSignal;
  /** Told of the file that is coming, and of its bytes. */
  readonly onProgress: (progress: { file: string; loaded: number; total: number }) => void;
}

/** What models on the Hub keep their weights in, the one to take first. */
const WEIGHTS = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'model.onnx',
] as const;
const DESCRIPTIONS = ['config.json', 'preprocessor_config.json'] as const;
/** Bytes that are gathered before they are handed to the browser's store of files. */
const STRETCH = 32e6;

/**
 * Fetches a model's files into this browser.
 * @throws WeightsError for what is not there, not open, or too large; Fault `offline`, `cancelled`
 */
export async function fetchNamed(
  named: Exclude<Named, { kind: 'refused' }>,
  watching: Watching,
): Promise<readonly File[]> {
  if (named.kind === 'own') return [await must(named.url, nameOf(named.url), watching)];
  const { id, revision, file } = named;
  const at = (name: string) => hubFile(id, revision, name);
  const beside: File[] = [];
  const folder = file?.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
  for (const name of DESCRIPTIONS) {
    const found = await fetchFile(at(folder + name), name, watching);
    if (found) beside.push(found);
  }
  if (file !== undefined) return [await must(at(file), nameOf(file), watching), ...beside];
  for (const name of WEIGHTS) {
    const found = await fetchFile(at(name), name, watching);
    if (!found) continue;
    if (!name.endsWith('.index.json')) return [found, ...beside];
    const parts: File[] = [];
    for (const part of await shardsIn(found)) parts.push(await must(at(part), part, watching));
    return [found, ...parts, ...beside];
  }
  throw refused(id, {
    en: `there is no model of this name on Hugging Face, or none of its files is ${WEIGHTS.join(', ')}; give the address of the file itself`,
    zh: `Hugging Face 上没有这个名字的模型，或者其中没有 ${WEIGHTS.join('、')}；请给出文件本身的地址`,
  });
}

async function shardsIn(index: File): Promise<readonly string[]> {
  try {
    const { weight_map: map } = JSON.parse(await index.text()) as { weight_map?: Record<string, unknown> };
    const names = Object.values(map ?? {}).filter((name) => typeof name === 'string');
    return [...new Set(names)].filter((name) => /^[\w.-]{1,120}$/.test(name));
  } catch (cause) {
    throw new WeightsError(
      { en: 'it is no index of weights', zh: '它不是权重索引' },
      { file: index.name },
      cause,
    );
  }
}

async function must(url: string, name: string, watching: Watching): Promise<File> {
  const found = await fetchFile(url, name, watching);
  if (found) return found;
  throw refused(name, { en: 'there is no file at this address', zh: '这个地址没有文件' });
}

/** A file; undefined where there is none at the address. */
async function fetchFile(
  url: string,
  name: string,
  { signal, onProgress }: Watching,
): Promise<File | undefined> {
  onProgress({ file: name, loaded: 0, total: 0 });
  try {
    const response = await fetch(url, { signal, credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (response.status === 404) return undefined;
    if (!response.ok) throw refused(name, statusText(response.status));
    const total = Number(response.headers.get('content-length') ?? 0);
    checkSize([{ name, size: total }]);
    const blobs: Blob[] = [];
    let chunks: Uint8Array<ArrayBuffer>[] = [];
    let gathered = 0;
    let loaded = 0;
    const reader = response.body?.getReader();
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (value) {
        chunks.push(value);
        gathered += value.length;
        loaded += value.length;
        checkSize([{ name, size: loaded }]);
        onProgress({ file: name, loaded, total: Math.max(total, loaded) });
      }
      if (done || gathered > STRETCH) {
        // A blob lies in the browser's own store, so that the page holds a stretch at the most.
        blobs.push(new Blob(chunks));
        chunks = [];
        gathered = 0;
      }
      if (done) break;
    }
    return new File(blobs, name);
  } catch (cause) {
    if (signal.aborted) throw new Fault('cancelled');
    if (cause instanceof Fault) throw cause;
    if (navigator.onLine === false) throw new Fault('offline', { file: name }, cause);
    throw refused(
      name,
      {
        en: 'the browser could not fetch it: the connection broke off, or the host does not let pages of other sites read the file (CORS). Download it with the browser, and choose the file here',
        zh: '浏览器取不到它：连接中断了，或者对方不允许其他网站的页面读取这个文件（CORS）。请先用浏览器下载，再在这里选择文件',
      },
      cause,
    );
  }
}

function statusText(status: number): Text {
  if (status === 401 || status === 403)
    return {
      en: 'it is not open to everybody: sign in on Hugging Face, accept its terms, download it with the browser, and choose the file here',
      zh: '它不对所有人开放：请在 Hugging Face 登录并接受条款，用浏览器下载后在这里选择文件',
    };
  return {
    en: `the host answered with an error (HTTP ${status}); try again later, or download it with the browser and choose the file here`,
    zh: `对方返回了错误（HTTP ${status}）；请稍后再试，或用浏览器下载后在这里选择文件`,
  };
}

const refused = (file: string, said: Text, cause?: unknown) => new WeightsError(said, { file }, cause);
const nameOf = (path: string) => decodeURIComponent(path.split(/[?#]/)[0]?.split('/').at(-1) ?? path);
