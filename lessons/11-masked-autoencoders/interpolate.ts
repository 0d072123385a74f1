import { patchOfPixel, type PatchForm } from './patch-errors.ts';

/**
 * Hidden pixels by straight lines: each is the mean of the nearest seen pixels to its left and right, above and below,
 * weighted by one over their distance. With two of them on a line this is linear interpolation. Where a pixel has
 * none in its row and none in its column it gets the mean of all seen pixels. Seen pixels stay. `[C, S, S]`.
 * @param hidden of each patch, whether it is hidden; where all are, the result is 0
 */
export function straightLines(
  x: ArrayLike<number>,
  hidden: readonly boolean[],
  form: PatchForm,
): Float32Array {
  const { image, channels } = form;
  const area = image * image;
  const place = patchOfPixel(form);
  const covered = new Uint8Array(area);
  for (let i = 0; i < area; i++) covered[i] = hidden[place[i]!] ? 1 : 0;
  const seen = covered.reduce((n, c) => n + 1 - c, 0);
  const means = Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = 0; i < area; i++) if (!covered[i]) sum += x[c * area + i]!;
    return seen > 0 ? sum / seen : 0;
  });
  const total = new Float64Array(channels * area);
  const weight = new Float64Array(area);
  /** Goes along a line and hands on the last seen pixel. */
  const along = (start: number, step: number) => {
    let last = -1;
    let distance = 0;
    for (let k = 0, i = start; k < image; k++, i += step) {
      distance++;
      if (!covered[i]) {
        last = i;
        distance = 0;
      } else if (last >= 0) {
        weight[i]! += 1 / distance;
        for (let c = 0; c < channels; c++) total[c * area + i]! += x[c * area + last]! / distance;
      }
    }
  };
  for (let k = 0; k < image; k++) {
    along(k * image, 1);
    along(k * image + image - 1, -1);
    along(k, image);
    along(area - image + k, -image);
  }
  const out = new Float32Array(channels * area);
  for (let c = 0, at = 0; c < channels; c++) {
    for (let i = 0; i < area; i++, at++) {
      out[at] = !covered[i] ? x[at]! : weight[i]! > 0 ? total[at]! / weight[i]! : means[c]!;
    }
  }
  return out;
}
