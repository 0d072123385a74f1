import type { Text } from '#lib/base/lang.ts';

/** What a file is, told by its first bytes alone; a name says nothing. */
export type FileKind =
  | 'safetensors'
  | 'torch'
  | 'torchscript'
  | 'torch-legacy'
  | 'pickle'
  | 'npz'
  | 'npy'
  | 'zip'
  | 'onnx'
  | 'hdf5'
  | 'gguf'
  | 'tflite'
  | 'gzip'
  | 'packed'
  | 'tar'
  | 'picture'
  | 'lfs-pointer'
  | 'html'
  | 'json-index'
  | 'json'
  | 'text'
  | 'empty'
  | 'unknown';

/** The largest safetensors header the format's own reader accepts, bytes. */
export const MAX_HEADER = 100_000_000;

/** Kinds whose files begin with fixed bytes, at a place that is 0 where it is not said. Sources: the formats' own documents. */
const MAGIC: readonly (readonly [FileKind, readonly number[], number?])[] = [
  ['hdf5', [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['gguf', [0x47, 0x47, 0x55, 0x46]],
  ['tflite', [0x54, 0x46, 0x4c, 0x33], 4],
  ['npy', [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ['gzip', [0x1f, 0x8b]],
  ['packed', [0x28, 0xb5, 0x2f, 0xfd]], // zstd
  ['packed', [0xfd, 0x37, 0x7a, 0x58, 0x5a]], // xz
  ['packed', [0x42, 0x5a, 0x68]], // bzip2
  ['packed', [0x37, 0x7a, 0xbc, 0xaf]], // 7z
  ['packed', [0x52, 0x61, 0x72, 0x21]], // rar
  ['tar', [0x75, 0x73, 0x74, 0x61, 0x72], 257],
  ['picture', [0xff, 0xd8, 0xff]],
  ['picture', [0x89, 0x50, 0x4e, 0x47]],
  ['picture', [0x47, 0x49, 0x46, 0x38]],
  ['picture', [0x57, 0x45, 0x42, 0x50], 8],
  // A pickle of protocol 2 that begins with PyTorch's magic number, 0x1950a86a20f9469cfc6c.
  ['torch-legacy', [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]],
];

const ascii = (bytes: Uint8Array, begin: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(begin, end));

/**
 * What a file is.
 * @param bytes the file, or its first few thousand bytes; an archive's list of names lies at its end
 */
export function fileKind(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) return 'empty';
  if (beginsLikeSafetensors(bytes)) return 'safetensors';
  for (const [kind, mark, at = 0] of MAGIC) {
    if (mark.every((byte, i) => bytes[at + i] === byte)) return kind;
  }
  if (ascii(bytes, 0, 4) === 'PK\x03\x04' || ascii(bytes, 0, 4) === 'PK\x05\x06') return zipKind(bytes);
  if (bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5) return 'pickle';
  if (beginsLikeOnnx(bytes)) return 'onnx';
  return textKind(bytes) ?? 'unknown';
}

/** Eight bytes of a length that the format allows, and then a JSON object. */
function beginsLikeSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 9 || bytes[8] !== 0x7b) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return view.getUint32(4, true) === 0 && view.getUint32(0, true) <= MAX_HEADER;
}

/** What an archive holds, by the names in its first entries and in the list at its end. */
function zipKind(bytes: Uint8Array): FileKind {
  const decode = new TextDecoder('latin1');
  const names = decode.decode(bytes.subarray(0, 4096)) + decode.decode(bytes.subarray(-65_536));
  if (/\/constants\.pkl/.test(names)) return 'torchscript';
  if (/\/data\.pkl/.test(names)) return 'torch';
  if (/\.npy/.test(names)) return 'npz';
  return 'zip';
}

/** A ModelProto: field 1 (the version of its form, a small number), and then the field 2, 7 or 8. */
function beginsLikeOnnx(bytes: Uint8Array): boolean {
  return bytes[0] === 8 && bytes[1]! > 0 && bytes[1]! < 32 && [0x12, 0x3a, 0x42].includes(bytes[2]!);
}

/** Characters that no text has. */
// eslint-disable-next-line no-control-regex
const NO_TEXT = /[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]/;

function textKind(bytes: Uint8Array): FileKind | undefined {
  // The last few bytes may be half of a character.
  const text = new TextDecoder().decode(bytes.subarray(0, 4096)).replace(/\ufffd{1,3}$/, '');
  if (NO_TEXT.test(text)) return undefined;
  const begin = text.trimStart();
  if (begin.startsWith('version https://git-lfs')) return 'lfs-pointer';
  if (/^<(!doctype html|html|head|body|\?xml|error)/i.test(begin)) return 'html';
  if (/^[{[]/.test(begin)) return /"weight_map"\s*:/.test(text) ? 'json-index' : 'json';
  return 'text';
}

/** What a kind of file is called. */
export const KIND_NAMES: Readonly<Record<FileKind, Text>> = {
  safetensors: { en: 'a safetensors file', zh: 'safetensors 文件' },
  torch: { en: 'a PyTorch file (torch.save)', zh: 'PyTorch 文件（torch.save）' },
  torchscript: { en: 'a TorchScript program of PyTorch', zh: 'PyTorch 的 TorchScript 程序' },
  'torch-legacy': {
    en: 'a PyTorch file in the form before version 1.6',
    zh: 'PyTorch 1.6 版之前的旧格式文件',
  },
  pickle: { en: 'a Python pickle', zh: 'Python 的 pickle 文件' },
  npz: { en: 'an archive of NumPy arrays (.npz)', zh: 'NumPy 数组的归档（.npz）' },
  npy: { en: 'one NumPy array (.npy)', zh: '单个 NumPy 数组（.npy）' },
  zip: { en: 'a ZIP archive without weights', zh: '不含权重的 ZIP 归档' },
  onnx: { en: 'an ONNX model', zh: 'ONNX 模型' },
  hdf5: { en: 'an HDF5 file (Keras)', zh: 'HDF5 文件（Keras）' },
  gguf: { en: 'a GGUF file (llama.cpp)', zh: 'GGUF 文件（llama.cpp）' },
  tflite: { en: 'a TensorFlow Lite model', zh: 'TensorFlow Lite 模型' },
  gzip: { en: 'packed with gzip', zh: 'gzip 压缩文件' },
  packed: { en: 'a packed archive', zh: '压缩归档' },
  tar: { en: 'a tar archive', zh: 'tar 归档' },
  picture: { en: 'a picture', zh: '图片' },
  'lfs-pointer': { en: 'a Git LFS pointer, not the file itself', zh: 'Git LFS 指针，而不是文件本身' },
  html: { en: 'a web page (HTML), not weights', zh: '网页（HTML），而不是权重' },
  'json-index': { en: 'the index (JSON) of weights in several files', zh: '多个权重文件的索引（JSON）' },
  json: { en: 'JSON text, not weights', zh: 'JSON 文本，而不是权重' },
  text: { en: 'text, not weights', zh: '文本，而不是权重' },
  empty: { en: 'empty', zh: '空文件' },
  unknown: { en: 'of no kind known here', zh: '未知类型的文件' },
};

const SAVE = 'safetensors.torch.save_file(state_dict, "model.safetensors")';
const AS_SAFETENSORS: Text = {
  en: `load it where it was made, and save the tensors with ${SAVE}`,
  zh: `请在原来的程序里载入，再用 ${SAVE} 保存张量`,
};
const UNPACK: Text = { en: 'unpack it, and open the weights in it', zh: '请先解压，再打开其中的权重文件' };
const DOWNLOAD: Text = {
  en: 'the download was refused or redirected: download the file again, signed in where its page asks for that',
  zh: '下载被拒绝或被重定向了：请重新下载，若页面要求登录，请先登录',
};
const CHOOSE: Text = {
  en: 'choose the file with the weights (.safetensors, .pth, .bin, .npz)',
  zh: '请选择存有权重的文件（.safetensors、.pth、.bin、.npz）',
};

/** What to do with a file that cannot be opened as it is. */
const WAYS: Readonly<Record<FileKind, Text>> = {
  safetensors: CHOOSE,
  torch: AS_SAFETENSORS,
  torchscript: AS_SAFETENSORS,
  'torch-legacy': AS_SAFETENSORS,
  pickle: AS_SAFETENSORS,
  npz: AS_SAFETENSORS,
  npy: {
    en: 'weights are many arrays: save them together with numpy.savez',
    zh: '权重由许多数组组成：请用 numpy.savez 一起保存',
  },
  zip: UNPACK,
  onnx: { en: 'a graph is opened in another place than weights', zh: '计算图与权重的打开方式不同' },
  hdf5: AS_SAFETENSORS,
  gguf: {
    en: 'its weights are quantised for language models; choose the safetensors file of the same model',
    zh: '其中的权重已按语言模型的方式量化；请选择同一模型的 safetensors 文件',
  },
  tflite: { en: 'choose the weights it was converted from', zh: '请选择转换之前的权重文件' },
  gzip: UNPACK,
  packed: UNPACK,
  tar: UNPACK,
  picture: CHOOSE,
  'lfs-pointer': {
    en: 'fetch the file with “git lfs pull”, or download it from its page',
    zh: '请用 “git lfs pull” 取回文件，或从它的页面下载',
  },
  html: DOWNLOAD,
  'json-index': {
    en: 'put it beside the files it names, and open it there',
    zh: '请把它和它所列的文件放在一起，再打开',
  },
  json: CHOOSE,
  text: CHOOSE,
  empty: { en: 'the download was broken off: fetch it again', zh: '下载中断了：请重新下载' },
  unknown: CHOOSE,
};

/** One sentence without a full stop: what the file is, and the way to open it. */
export function wrongKind(kind: FileKind, bytes?: Uint8Array): Text {
  const name = KIND_NAMES[kind];
  const way = WAYS[kind];
  const size =
    kind === 'lfs-pointer' && bytes ? /\nsize (\d{1,15})/.exec(ascii(bytes, 0, 400))?.[1] : undefined;
  const of = size === undefined ? '' : Number(size).toLocaleString('en-US');
  return {
    en: `it is ${name.en}${of && ` (which has ${of} bytes)`}; ${way.en}`,
    zh: `这是${/^[A-Z]/i.test(name.zh) ? ' ' : ''}${name.zh}${of && `（文件本身有 ${of} 字节）`}；${way.zh}`,
  };
}
