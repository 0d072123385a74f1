import type { FaultCode, FaultRecord, FaultText } from './errors.ts';
import { formatBytes as bytesText } from './format.ts';
import type { DeviceReason } from './device.ts';
import type { Text } from './lang.ts';

type Details = FaultRecord['details'];

/** The technical reason in brackets, or nothing: `reason`, or the broken `rule` and the field it is about. */
function because(d: Details, open: string, close: string): string {
  const why = d.reason ?? (d.rule === undefined ? undefined : d.field ? `"${d.field}" ${d.rule}` : d.rule);
  return why === undefined || why === '' ? '' : `${open}${why}${close}`;
}
const en = (d: Details) => because(d, ' (', ')');
const zh = (d: Details) => because(d.ruleZh === undefined ? d : { ...d, rule: d.ruleZh }, '（', '）');

const formatBytes = (bytes: string | number | undefined) => bytesText(Number(bytes ?? 0));

const file = (d: Details, otherwise: string): string => String(d.file ?? otherwise);
/** ` model.safetensors`, set off by a space before it, or nothing; in Chinese by one on each side. */
const named = (d: Details): string => (d.file ? ` ${d.file}` : '');
const namedZh = (d: Details): string => (d.file ? ` ${d.file} ` : '');

/** How far a download came, where that is known. */
const partEn = (d: Details) => (d.total ? ` after ${formatBytes(d.loaded)} of ${formatBytes(d.total)}` : '');
const partZh = (d: Details) =>
  d.total ? `（已收到 ${formatBytes(d.loaded)}，共 ${formatBytes(d.total)}）` : '';

/** What a reader is told: what happened, what still works, what to do next. */
export const FAULTS: Readonly<Record<FaultCode, FaultText>> = {
  'webgpu-absent': () => ({
    en: 'This browser has no WebGPU, so the model runs on WASM. All numbers are the same; large models are slower. A current Chrome, Edge or Safari has WebGPU.',
    zh: '此浏览器不支持 WebGPU，模型改用 WASM 运行。数值不受影响，只是大模型会慢一些。新版 Chrome、Edge 或 Safari 支持 WebGPU。',
  }),
  'webgpu-refused': (d) => ({
    en: `The browser has WebGPU but gave no graphics adapter${en(d)}, so the model runs on WASM. Nothing is missing. To use the GPU, update the graphics driver or allow hardware acceleration in the browser's settings, then reload.`,
    zh: `浏览器支持 WebGPU，却没有提供图形适配器${zh(d)}，模型改用 WASM 运行，功能不缺。想用 GPU，请更新显卡驱动，或在浏览器设置里打开硬件加速，再重新加载页面。`,
  }),
  'webgpu-wrong': (d) => ({
    en: `The GPU did not solve a small calculation whose answer is known${en(d)}, so it is not used and the model runs on WASM. The numbers on this page can be trusted. A newer graphics driver may repair it.`,
    zh: `GPU 没能算出一道已知答案的小题${zh(d)}，因此弃用，模型改用 WASM 运行。页面上的数值可以放心。更新显卡驱动也许能解决。`,
  }),
  'device-lost': () => ({
    en: 'The browser took the GPU away (a driver reset, or another page that needed it). The model is being rebuilt; what is on screen stays, and your settings are kept. If it happens again, choose WASM in the device menu.',
    zh: '浏览器收回了 GPU（驱动重置，或被别的页面占用）。模型正在重建，屏幕上的内容和你的设置都会保留。如果再次发生，请在设备菜单里选 WASM。',
  }),
  'wasm-memory': (d) => ({
    en: `The browser refused the memory the model needs${en(d)}. Texts, shapes and figures without a model still work. Close other tabs and try again; on a phone, restarting the browser helps.`,
    zh: `浏览器不肯分配模型所需的内存${zh(d)}。文字、形状和不依赖模型的图仍然可用。请关掉其他标签页再试；在手机上，重启浏览器往往有效。`,
  }),
  'runtime-download': (d) => ({
    en: `The runtime file ${file(d, 'onnxruntime')} could not be loaded${partEn(d)}${en(d)}. Everything that needs no model still works. Check the connection and try again; if it stays so, the site's copy of the file is damaged.`,
    zh: `运行时文件 ${file(d, 'onnxruntime')} 加载失败${partZh(d)}${zh(d)}。不依赖模型的部分照常可用。请检查网络后重试；若一直如此，说明站点上的这个文件已损坏。`,
  }),
  'model-missing': (d) => ({
    en: `The model file${named(d)} is not on this site (HTTP ${d.status ?? 404}). Texts, shapes and figures without a model still work. Whoever runs this copy of the site has to put the file into models/.`,
    zh: `站点上没有模型文件${named(d)}（HTTP ${d.status ?? 404}）。文字、形状和不依赖模型的图仍然可用。请站点的维护者把该文件放进 models/。`,
  }),
  'model-truncated': (d) => ({
    en: `The model file${named(d)} ends too early: ${formatBytes(d.loaded)} came, ${formatBytes(d.total)} belong to it. It was not used. Try again; if it stays so, the site's copy is incomplete.`,
    zh: `模型文件${namedZh(d)}不完整：只收到 ${formatBytes(d.loaded)}，应有 ${formatBytes(d.total)}。该文件未被使用。请重试；若一直如此，说明站点上的文件本身就缺了一截。`,
  }),
  'model-hash': (d) => ({
    en: `The model file${named(d)} is not the one this page was made for: its SHA-256 differs. It was not used, so no wrong number is on screen. Try again; if it stays so, the site's files are from different versions.`,
    zh: `模型文件${namedZh(d)}与本页不符：SHA-256 对不上。该文件未被使用，屏幕上不会出现错误的数值。请重试；若一直如此，说明站点上的文件来自不同版本。`,
  }),
  offline: (d) => ({
    en: `There is no network, and ${file(d, 'the model')} is not yet stored on this device${partEn(d)}. What needs no model works offline. Connect and try again; the download goes on where it stopped, and later visits need no network for it.`,
    zh: `当前没有网络，而 ${file(d, '模型')} 还没有存到本机${partZh(d)}。不依赖模型的部分可离线使用。联网后重试，下载会从中断处继续；以后再来就不必重新下载了。`,
  }),
  'download-failed': (d) => ({
    en: `Downloading ${file(d, 'the model')} failed${partEn(d)}${en(d)}. What needs no model still works. Try again: the download goes on where it stopped.`,
    zh: `下载 ${file(d, '模型')} 失败${partZh(d)}${zh(d)}。不依赖模型的部分照常可用。请重试，下载会从中断处继续。`,
  }),
  'weights-invalid': (d) => ({
    en: `The weights file${named(d)} cannot be used${d.tensor ? `: tensor ${d.tensor}` : ''}${en(d)}. ${d.gone ? 'What is on the page stays' : 'Nothing was loaded. Files that open: weights of a vision transformer under the names of timm, Hugging Face, torchvision, JAX or the published code (.safetensors, .pth, .bin, .npz)'}.`,
    zh: `权重文件${namedZh(d)}无法使用${d.tensor ? `：张量 ${d.tensor}` : ''}${zh(d)}。${d.gone ? '页面上已有的内容不受影响' : '没有加载任何内容。可以打开的是视觉 Transformer 的权重（.safetensors、.pth、.bin、.npz），张量采用 timm、Hugging Face、torchvision、JAX 或公开代码中的名称'}。`,
  }),
  'config-invalid': (d) => ({
    en: `The model's description ${file(d, 'config.json')} cannot be read${en(d)}. What needs no model still works. Reload the page; if it stays so, the file on the site is damaged.`,
    zh: `模型的描述文件 ${file(d, 'config.json')} 无法读取${zh(d)}。不依赖模型的部分照常可用。请重新加载页面；若一直如此，说明站点上的文件已损坏。`,
  }),
  'run-failed': (d) => ({
    en: `The model could not be run${en(d)}. The values on screen are the last that were computed. Try again, or choose the other device.`,
    zh: `模型运行失败${zh(d)}。屏幕上是上一次算出的值。请重试，或换用另一种设备。`,
  }),
  'image-not-image': (d) => ({
    en: d.type
      ? `The file${named(d)} is a ${d.type} picture, which this browser does not read. The picture before it stays. Open it in a photo program and save it as JPEG or PNG.`
      : `The file${named(d)} is not a picture the browser can read. The picture before it stays. JPEG, PNG, WebP, GIF and AVIF files work.`,
    zh: d.type
      ? `文件${namedZh(d)}是 ${d.type} 图片，这个浏览器无法读取，所以仍显示原来的图片。请在看图软件里打开它，另存为 JPEG 或 PNG。`
      : `浏览器无法把文件${namedZh(d)}当作图片读取，所以仍显示原来的图片。可用的格式有 JPEG、PNG、WebP、GIF 和 AVIF。`,
  }),
  'image-too-large': (d) => ({
    en: `The picture${named(d)} is too large${sizes(d, ' (', ')')}. The picture before it stays. Make a smaller copy: the model looks at 224×224 pixels anyway.`,
    zh: `图片${namedZh(d)}太大${sizes(d, '（', '）')}，仍显示原来的图片。请先缩小再用：模型看到的反正只有 224×224 像素。`,
  }),
  'image-too-small': (d) => ({
    en: `The picture${named(d)} is too small to be cut into patches${sizes(d, ' (', ')')}. The picture before it stays. Choose a larger one.`,
    zh: `图片${namedZh(d)}太小，切不成图像块${sizes(d, '（', '）')}，仍显示原来的图片。请换一张大一点的。`,
  }),
  'image-unreadable': (d) => ({
    en: `The picture${named(d)} looks like a picture but is damaged and could not be decoded. The picture before it stays. Open it in another program and save it again, or choose another.`,
    zh: `图片${namedZh(d)}看上去是图片，但已损坏，无法解码，仍显示原来的图片。请用其他程序打开后另存，或换一张。`,
  }),
  cancelled: () => ({
    en: 'Stopped, as you asked. What had arrived is kept; starting again goes on from there.',
    zh: '已按你的要求停止。已收到的部分会保留，再次开始时从那里继续。',
  }),
};

/** Size of a picture as far as the fault knows it: pixels, bytes, limit. */
function sizes(d: Details, open: string, close: string): string {
  const parts: string[] = [];
  if (d.width && d.height) parts.push(`${d.width}×${d.height}`);
  if (d.bytes) parts.push(formatBytes(d.bytes));
  if (d.limit) parts.push(`≤ ${d.limit}`);
  return parts.length ? open + parts.join(', ') + close : '';
}

/** The sentence of a fault in both languages. */
export function faultText(fault: Pick<FaultRecord, 'code' | 'details'>): Text {
  return FAULTS[fault.code](fault.details);
}

/** The fault a device reason amounts to, if it is one. */
const REASON_FAULT: Partial<Record<DeviceReason, FaultCode>> = {
  'no-webgpu': 'webgpu-absent',
  'adapter-refused': 'webgpu-refused',
  'self-check-failed': 'webgpu-wrong',
};

/** Why the model runs where it runs, in one or two sentences. */
export function deviceReason(reason: DeviceReason, device: 'webgpu' | 'wasm', detail?: string): Text {
  const code = REASON_FAULT[reason];
  if (code) return FAULTS[code](detail ? { reason: detail } : {});
  if (reason === 'device-lost') {
    return device === 'webgpu'
      ? {
          en: 'The browser had taken the GPU away; the model was rebuilt on it and runs on WebGPU again.',
          zh: '浏览器曾收回 GPU；模型已重建，重新用 WebGPU 运行。',
        }
      : {
          en: 'The browser took the GPU away, so the model was rebuilt on WASM. Reload the page to try WebGPU again.',
          zh: '浏览器收回了 GPU，模型已改在 WASM 上重建。想再试 WebGPU，请重新加载页面。',
        };
  }
  if (reason === 'chosen-by-reader') {
    return { en: 'WASM was chosen for this page.', zh: '本页指定使用 WASM。' };
  }
  return {
    en: 'WebGPU is there and gave the right answers to a small calculation first.',
    zh: 'WebGPU 可用，并先算对了一道已知答案的小题。',
  };
}
