import { WeightsError } from '#lib/weights/source.ts';

/** A rule's English phrase, as the readers of files throw it, and the Chinese one with the same names and numbers. */
type Translation = readonly [pattern: RegExp, zh: (...parts: string[]) => string];

/*
 * The rules that a reader's own file meets most; those about a file that is damaged inside its own format keep their
 * English words, which name the byte or the entry.
 */
const RULES: readonly Translation[] = [
  [
    /^its names are those of no network known here; its tensors are (.*)$/,
    (names) => `张量名称不属于任何认识的网络；其中的张量有 ${names}`,
  ],
  [
    /^no network's names begin with "(.*)"; there (?:are|is) (.*)$/,
    (asked) => `没有哪个网络的名称以“${asked}”开头`,
  ],
  [
    /^(.+) cannot be read from the weights and must be set$/,
    (fields) => `从权重中看不出 ${fields.replaceAll(' and ', '、')}，必须填写`,
  ],
  [
    /^it is missing(?:, and (\d+) more with it)?.*?(?:; "(.*)" of the file has no place)?$/,
    (more, other) =>
      `文件中缺少它${more ? `，另外还缺 ${more} 个` : ''}${other ? `；文件中的“${other}”在网络里没有位置` : ''}`,
  ],
  [
    /^its shape is (\[.*?\]), the configuration needs (\[.*\])$/,
    (found, needed) => `它的形状是 ${found}，配置要求 ${needed}`,
  ],
  [
    /^the configuration has no place for it(?: \(nor for (\d+) more\))?, so the answers would be wrong.*$/,
    (more) => `配置里没有它的位置${more ? `（另有 ${more} 个也没有）` : ''}，算出的结果会是错的`,
  ],
  [
    /^its shape is (\[.*?\]); only square patches can be run$/,
    (shape) => `它的形状是 ${shape}；只能运行正方形的图像块`,
  ],
  [
    /^its shape is (\[.*?\]); fc2 reads \d+ values: a gated MLP \(SwiGLU\), which cannot be run$/,
    (shape) => `它的形状是 ${shape}：这是带门控的 MLP（SwiGLU），还不能运行`,
  ],
  [/^its shape is (\[.*?\]); (.+)$/, (shape, rule) => `它的形状是 ${shape}；${rule}`],
  [/^its element type is (.+?); .* can be read$/, (type) => `它的元素类型是 ${type}，无法读取`],
  [
    /^(?:\(a PyTorch file.*?\) )?its pickle calls (.+?), which may only be named; nothing of it was run$/,
    (name) => `其中的 pickle 要调用 ${name}，这不允许；没有运行其中任何内容`,
  ],
  [/^the index names (.+?), which is not beside it$/, (name) => `索引里列有 ${name}，但没有一起选上`],
  [
    /^(?:\(a PyTorch file.*?\) )?it is a PyTorch file, but no dict of tensors is in it$/,
    () => '这是 PyTorch 文件，但其中没有张量字典',
  ],
  [/^.*the file is cut short$/, () => '文件不完整：末尾缺了一段'],
  [
    /^the header should have (\d+) bytes, the file ends after (\d+) of them$/,
    (all, there) => `文件头应有 ${all} 字节，文件只有其中 ${there} 字节：文件不完整`,
  ],
];

/** The same error with its rule in Chinese as well, where it has none yet and the rule is known. */
export function inBoth(error: unknown): unknown {
  if (!(error instanceof WeightsError)) return error;
  const { file, tensor, rule, ruleZh } = error.details;
  if (ruleZh !== undefined || typeof rule !== 'string') return error;
  for (const [pattern, zh] of RULES) {
    const found = pattern.exec(rule);
    if (!found) continue;
    const at = {
      ...(typeof file === 'string' && { file }),
      ...(typeof tensor === 'string' && { tensor }),
    };
    return new WeightsError({ en: rule, zh: zh(...found.slice(1).map((part) => part ?? '')) }, at, error);
  }
  return error;
}
