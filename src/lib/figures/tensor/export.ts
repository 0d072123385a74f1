import { npy } from '#lib/export/npy.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { saveBlob } from '#lib/ui/save.ts';

/** Downloads the whole tensor as `<name>.npy`. */
export function saveNpy(tensor: Tensor): void {
  saveBlob(
    new Blob([npy(tensor.data, tensor.shape)], { type: 'application/octet-stream' }),
    `${tensor.name}.npy`,
  );
}

/** Downloads a bitmap of one pixel a cell, enlarged to whole pixels, as a PNG. */
export function savePng(bitmap: HTMLCanvasElement, name: string): void {
  const by = Math.max(1, Math.min(64, Math.floor(1024 / Math.max(bitmap.width, bitmap.height))));
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width * by;
  canvas.height = bitmap.height * by;
  const ctx = canvas.getContext('2d');
  if (!ctx) return;
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob && saveBlob(blob, `${name}.png`), 'image/png');
}
